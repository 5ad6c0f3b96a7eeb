"""The fields of documents in forms. A new kind is one module and one line in the list below."""

from cms.editor.forms.blocks import BlocksControl
from cms.editor.forms.boolean import BooleanControl
from cms.editor.forms.choice import ChoiceControl
from cms.editor.forms.color import ColorControl
from cms.editor.forms.control import Control
from cms.editor.forms.date import DateControl
from cms.editor.forms.datetime import DateTimeControl
from cms.editor.forms.email import EmailControl
from cms.editor.forms.geo import GeoControl
from cms.editor.forms.json import JsonControl
from cms.editor.forms.media import MediaControl
from cms.editor.forms.number import NumberControl
from cms.editor.forms.reference import ReferenceControl, ReferencesControl
from cms.editor.forms.rich_text import RichTextControl
from cms.editor.forms.text import TextControl
from cms.editor.forms.url import UrlControl

CONTROLS: dict[str, Control] = {
    control.key: control
    for control in (
        TextControl(), RichTextControl(), NumberControl(), BooleanControl(), DateControl(), DateTimeControl(),
        ChoiceControl(), MediaControl(), ReferenceControl(), ReferencesControl(), BlocksControl(), JsonControl(),
        GeoControl(), UrlControl(), EmailControl(), ColorControl(),
    )
}  # fmt: skip
