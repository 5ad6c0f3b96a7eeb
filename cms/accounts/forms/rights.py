"""Forms of people, roles, groups and grants; what may be done is decided by the actions, not here."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.explanations import ACTIONS
from cms.accounts.forms.fields import PageField
from cms.accounts.models import Grant, Role, Site, User

SUBTREE_HELP = _("The grant holds for this page and all below it. Empty: everywhere. Write a part of the path.")


class _WhoForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """Leaves it to the action to find that an address is taken, which says it in words."""

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | {"email"}


class InviteForm(_WhoForm):
    """A new person, and the first role they get."""

    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"), help_text=_("More can be given afterwards."))
    site = forms.ModelChoiceField(
        Site.objects.all(), label=_("Site"), required=False, empty_label=_("All sites"), help_text=_("Where it holds.")
    )
    tree_root = PageField(label=_("Page"), required=False, help_text=SUBTREE_HELP)
    expires_at = forms.SplitDateTimeField(
        label=_("Until"), required=False, widget=AdminSplitDateTime(), help_text=_("Empty: for good.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=[], help_text=_("Of the letter and of the admin."))

    class Meta:
        model = User
        fields = ["email", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = list(settings.LANGUAGES)


class PersonForm(_WhoForm):
    """Who somebody is. Rights are given by grants, below."""

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple()}
        help_texts = {
            "is_staff": _("Without it, the person can sign in nowhere."),
            "groups": _("Members have the roles that the group has."),
        }


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """A role, and where and how long it holds. Limits to a type or a locale stay as they are."""

    tree_root = PageField(label=_("Page"), required=False, help_text=SUBTREE_HELP)

    class Meta:
        model = Grant
        fields = ["role", "site", "tree_root", "expires_at"]
        labels = {"expires_at": _("Until")}


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """A role with its actions as checkboxes."""

    actions = forms.MultipleChoiceField(
        label=pgettext_lazy("column", "May"),
        choices=lambda: [(key, format_html("<strong>{}</strong> – {}", *words)) for key, words in ACTIONS.items()],
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )

    class Meta:
        model = Role
        fields = ["name", "key", "actions"]


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    """The name of a group; who is in it stands with the people."""

    class Meta:
        model = Group
        fields = ["name"]
