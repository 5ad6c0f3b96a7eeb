"""Shape of the forms about files."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.media.actions.writing import ALT_MAX, TITLE_MAX
from cms.media.kinds import KINDS
from cms.media.models import Asset

ALT = "alt_"
ACCEPT = ",".join(ending for kind in KINDS for ending in kind.extensions)


class SeveralFilesInput(forms.ClearableFileInput):
    """A choice of several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class SeveralFilesField(forms.FileField):
    """Every file is judged by itself, by the action; here it matters only that there is one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [each for each in data or [] if each]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."))
        return files


class UploadForm(forms.Form):
    """New files, and the site they are for."""

    site = forms.ChoiceField(label=_("Site"), widget=forms.Select(attrs={"class": "input input--short"}))
    file = SeveralFilesField(
        label=_("Files"), widget=SeveralFilesInput(attrs={"class": "input", "accept": ACCEPT, "multiple": True})
    )

    def __init__(self, data: Any = None, files: Any = None, *, sites: Iterable[SiteEntry]) -> None:
        super().__init__(data, files)
        choices = [(str(site.id), site.name) for site in sites]
        self.fields["site"].choices = choices  # type: ignore[attr-defined]  # it is the ChoiceField from above
        if len(choices) == 1:
            self.fields["site"].initial = choices[0][0]
            self.fields["site"].widget = forms.HiddenInput()


class AssetForm(forms.Form):
    """What is said of a file: one alternative text for each locale; the focal point in percent.

    Every field carries along what the person saw, so that only what they changed is written.
    """

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_MAX,
        required=False,
        show_hidden_initial=True,
        widget=forms.TextInput(attrs={"class": "input"}),
        help_text=_("Shown in lists. Empty: the file name."),
    )

    def __init__(self, data: Any = None, *, asset: Asset, locales: Iterable[LocaleEntry]) -> None:
        super().__init__(data, initial=_initial(asset))
        if asset.is_image:
            for locale in locales:
                self.fields[ALT + locale.code] = _alt_field(locale)
        if asset.has_renditions:
            self.fields["focal_x"] = _percent_field(_("Focal point from the left, in percent"))
            self.fields["focal_y"] = _percent_field(_("Focal point from the top, in percent"))

    def changes(self) -> dict[str, Any]:
        """Give what the person changed, as arguments of `change_asset`."""
        changed, cleaned = set(self.changed_data), self.cleaned_data
        alt = {key.removeprefix(ALT): cleaned[key] for key in changed if key.startswith(ALT)}
        found: dict[str, Any] = {"alt": alt} if alt else {}
        if "title" in changed:
            found["title"] = cleaned["title"]
        if changed & {"focal_x", "focal_y"}:
            found["focal"] = (cleaned["focal_x"] / 100, cleaned["focal_y"] / 100)
        return found

    def seen(self) -> dict[str, object]:
        """Give what the person saw, by field as `change_asset` names them."""
        seen: dict[str, object] = {"title": self._shown("title")}
        for name in self.fields:
            if name.startswith(ALT):
                seen[f"alt.{name.removeprefix(ALT)}"] = self._shown(name)
        if "focal_x" in self.fields:
            seen["focal"] = [_share(self._shown("focal_x")), _share(self._shown("focal_y"))]
        return seen

    def _shown(self, name: str) -> str:
        value = self.data.get(self[name].html_initial_name, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""


class ReplaceForm(forms.Form):
    """Another file for an asset."""

    file = forms.FileField(
        label=_("New file"), widget=forms.FileInput(attrs={"class": "input", "accept": ACCEPT}), allow_empty_file=True
    )


def _alt_field(locale: LocaleEntry) -> forms.CharField:
    attributes = {"class": "input", "rows": 2, "lang": locale.code, "dir": locale.direction}
    return forms.CharField(
        label=_("Alternative text in %(language)s") % {"language": locale.name},
        max_length=ALT_MAX,
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs=attributes),
    )


def _percent_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        show_hidden_initial=True,
        widget=forms.NumberInput(attrs={"class": "input input--short", "inputmode": "numeric"}),
    )


def _initial(asset: Asset) -> dict[str, Any]:
    texts = {ALT + code: text for code, text in asset.alt.items()}
    focal = {"focal_x": round(asset.focal_x * 100), "focal_y": round(asset.focal_y * 100)}
    return {"title": asset.title, **texts, **focal}


def _share(percent: str) -> float:
    return int(percent) / 100 if percent.isdigit() else -1.0
