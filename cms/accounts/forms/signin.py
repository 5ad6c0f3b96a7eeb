"""Sign in, ask for a new password, and change one's own settings."""

import zoneinfo
from collections import defaultdict
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.accounts.passwords import is_forbidden


class SignInForm(AdminAuthenticationForm):
    """E-mail and password. One message whatever was wrong, so that nobody learns which addresses are known."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    error_messages = {
        "invalid_login": _(
            "No account that may use the admin has this e-mail address and password. "
            "Mind capital letters in the password, or set a new one by “Forgotten your password?”."
        ),
        "inactive": _("No account that may use the admin has this e-mail address and password."),
    }

    def clean_password(self) -> str:
        """Refuse what everybody knows; the same for all addresses, and no attempt to guess."""
        password: str = self.cleaned_data["password"]
        if is_forbidden(password):
            raise ValidationError(
                _(
                    "This is the password of the demo, which everybody knows; it does not work in production. "
                    "Set a new one by “Forgotten your password?”."
                ),
                code="forbidden",
            )
        return password


class ForgottenPasswordForm(forms.Form):
    """Asks for the address to which the link goes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class ProfileForm(forms.Form):
    """A person's own settings."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, help_text=_("Of the admin; documents have languages of their own.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times in the admin are shown and read in it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, time_zone = self.fields["language"], self.fields["time_zone"]
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(time_zone, forms.ChoiceField)
        language.choices = [("", _("As the browser asks")), *settings.LANGUAGES]
        time_zone.choices = _zones()


def _zones() -> list[Any]:
    """List all time zones by region, UTC first: [("UTC", "UTC"), ("Europe", [("Europe/Berlin", "Berlin"), ...])]."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in {"Etc", "posix", "right"}:
            regions[region].append((name, place.replace("_", " ")))
    others = [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" not in name and name != "UTC"]
    etc = [(name, name) for name in sorted(zoneinfo.available_timezones()) if name.startswith("Etc/")]
    return [("UTC", "UTC"), *regions.items(), (_("Other"), others + etc)]
