"""What every kind of field can do; one file per kind says how."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.problems import Problem
from reliability.wording import say as _

OptionCheck = Callable[[Any], str | None]


@dataclass(frozen=True)
class Link:
    """A value points to another document (`to_key`, a translation key) or to a file (`to_asset`)."""

    path: str
    kind: Literal["link", "reference", "media"]
    to_key: str | None = None
    to_asset: str | None = None


@dataclass(frozen=True)
class FilterValue:
    """One value as the index of filters keeps it; a position uses `number` and `text` together, others one of them."""

    text: str | None = None
    number: Decimal | None = None
    time: datetime | None = None
    ref: str | None = None


@dataclass(frozen=True)
class Context:
    """What a kind may know beyond its own field.

    `types` are the block types by key. `kept` are the blocks of the saved revision by id: an unreadable block is
    accepted only when it equals one of them, since nobody here can tell whether its HTML is safe.
    `depth` is the level of the list of blocks being looked at, 1 for a field of a document.
    """

    types: Mapping[str, TypeDefinition]
    kinds: "Mapping[str, FieldKind]"
    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    depth: int = 1

    def deeper(self) -> "Context":
        """Return the context for a list nested in a block of this one."""
        return replace(self, depth=self.depth + 1)


class FieldKind:
    """A kind of field. Methods are pure; `path` is where the value stands, for problems and links."""

    key: ClassVar[str]
    options: ClassVar[Mapping[str, OptionCheck]] = {}
    can_filter: ClassVar[bool] = True
    can_search: ClassVar[bool] = False

    def check_options(self, field: FieldDefinition) -> list[Problem]:
        """Return what is wrong with the options, each problem's path being the option's name."""
        problems = []
        for name, value in field.options.items():
            if name not in self.options:
                known = ", ".join(sorted(self.options)) or "none"
                message = f"{self.key} has no option {name!r}; its own options: {known}."
                problems.append(Problem(name, "unknown_option", message))
            elif message := self.options[name](value) or "":
                problems.append(Problem(name, "invalid_option", message))
        return problems or [*self.check_together(field)]

    def check_together(self, field: FieldDefinition) -> Iterator[Problem]:
        """Yield what is wrong between options that are fine by themselves."""
        for low, high in (("min", "max"), ("min_length", "max_length")):
            lowest, highest = field.options.get(low), field.options.get(high)
            if lowest is not None and highest is not None and self.sortable(lowest) > self.sortable(highest):
                yield Problem(low, "invalid_option", f"{low} must not be above {high}.")

    def sortable(self, bound: Any) -> Any:
        """Return a bound in a form that compares as its values do."""
        return bound

    def normal_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options in their canonical form; called only after `check_options` found nothing."""
        return dict(options)

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Any:
        """Return the value as it is stored; an empty one is None, or [] where the kind holds many.

        Raises InvalidValue when the shape is wrong. A draft may be incomplete: `complete` looks at the rest.
        """
        raise NotImplementedError

    def complete(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Problem]:
        """Return what keeps a cleaned value from being published."""
        if is_empty(value):
            return [Problem(path, "required", _("This field is required."))] if field.required else []
        return [*self.check_value(value, field, path, context)]

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what is wrong with a value that is not empty."""
        yield from ()

    def search_text(self, value: Any, field: FieldDefinition, context: Context) -> str:
        """Return the words of a cleaned value, "" when there is nothing to search."""
        return ""

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return every document and file a cleaned value points to."""
        return []

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return what the index of filters keeps of a cleaned value; nothing for an empty one."""
        return []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the JSON Schema of a value that is not empty, as readers get it."""
        raise NotImplementedError


def is_empty(value: Any) -> bool:
    """Tell whether a cleaned value counts as missing. False and 0 are answers."""
    return value is None or value in ("", [], {})
