"""Forms of sites and locales."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.forms.fields import LinesField
from cms.accounts.models import Locale, Site, SiteLocale


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """A site; its locales stand below."""

    hosts = LinesField(label=_("Hosts"), required=False, help_text=_("One to a line, such as www.example.org."))

    class Meta:
        model = Site
        fields = ["name", "key", "hosts", "is_default", "default_locale"]


class SiteLocaleForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """A locale of a site."""

    class Meta:
        model = SiteLocale
        fields = ["locale", "prefix"]


class LocaleForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """A language that content is written in."""

    fallback = LinesField(
        label=_("Falls back to"),
        required=False,
        help_text=_(
            "Codes of the locales that are shown where a translation is missing, one to a line, the first first."
        ),
    )

    class Meta:
        model = Locale
        fields = ["name", "code", "fallback", "direction", "search_configuration"]
