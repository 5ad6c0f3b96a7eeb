"""Form fields for what the models keep as lists, and for a page that a grant is limited to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

PAGE_LIST_ID = "grant-pages"
"""Id of the list of suggestions, drawn once by the template of the form."""
MATCHES_SHOWN = 5


class LinesField(forms.CharField):
    """A list of words, one to a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class PageField(forms.CharField):
    """The translation key of a page, typed or chosen as "site /path/"; the choices come from GRANT_TREE_CHOICES."""

    widget = forms.TextInput(attrs={"list": PAGE_LIST_ID, "placeholder": "main /about/", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, UUID):
            return value
        found = page_choices(keys=[value])
        return found[0][1] if found else str(value)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            return self._find(text)

    def _find(self, text: str) -> UUID:
        matches = page_choices(text, limit=MATCHES_SHOWN)
        exact = [key for key, label in matches if label == text]
        if exact or len(matches) == 1:
            return exact[0] if exact else matches[0][0]
        if not matches:
            raise ValidationError(_("There is no page %(text)s. Write a part of its path.") % {"text": text})
        labels = ", ".join(label for _key, label in matches)
        raise ValidationError(_("More than one page matches; write one of these: %(labels)s.") % {"labels": labels})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


def page_choices(search: str = "", *, keys: Sequence[UUID] | None = None, limit: int = 200) -> list[tuple[UUID, str]]:
    """List the pages that a grant can be limited to, as (translation key, label)."""
    found: list[tuple[UUID, str]] = import_string(settings.GRANT_TREE_CHOICES)(search, keys=keys, limit=limit)
    return found
