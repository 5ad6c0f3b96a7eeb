"""`{% load flags %}{% flag "new-editor" %}...{% else %}...{% endflag %}`"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from reliability.flags.api import is_enabled

register = template.Library()


class FlagNode(template.Node):
    """Renders one of two parts."""

    def __init__(self, key: FilterExpression, when_on: NodeList, when_off: NodeList) -> None:
        self.key, self.when_on, self.when_off = key, when_on, when_off

    def render(self, context: Context) -> str:
        part = self.when_on if is_enabled(str(self.key.resolve(context))) else self.when_off
        return part.render(context)


@register.tag("flag")
def flag(parser: Parser, token: Token) -> FlagNode:
    """Show a part of a template only while a flag is on."""
    parts = token.split_contents()
    if len(parts) != 2:
        raise template.TemplateSyntaxError('flag takes the key of one flag: {% flag "new-editor" %}')
    when_on = parser.parse(("else", "endflag"))
    when_off = NodeList()
    if parser.next_token().contents == "else":
        when_off = parser.parse(("endflag",))
        parser.delete_first_token()
    return FlagNode(parser.compile_filter(parts[1]), when_on, when_off)
