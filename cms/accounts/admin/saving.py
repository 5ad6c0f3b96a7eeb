"""How does a form of Django's admin save through an action, and show why the action refused?"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cms.accounts.actor import PermissionMissing, RightsTooWide
from cms.accounts.errors import AccountRefused

REFUSALS = (AccountRefused, PermissionMissing, RightsTooWide)


class ActionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Saves by calling an action; if it refuses, nothing is written and the form is shown again, with the reason.

    The second showing is the same request gone through once more, with the refusal as an error of the form.
    """

    actions = None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read by get_form, below
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal: Exception | None = getattr(request, "refusal", None)
        return _refused(form_class, refusal) if refusal else form_class

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
            address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(address, args=[object_id]))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the entries of the audit log, which is the only record that is kept."""
        return HttpResponseRedirect(
            reverse("admin:cms_accounts_auditentry_changelist") + "?" + urlencode({"object_id": object_id})
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_popups(super().formfield_for_dbfield(db_field, request, **kwargs))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return []

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None


def without_popups(field: Any) -> Any:
    """Take the buttons off a choice that open other forms in a window: one thing at a time."""
    for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        if field is not None and hasattr(field.widget, name):
            setattr(field.widget, name, False)
    return field


def _refused(form_class: type[BaseForm], refusal: Exception) -> type[BaseForm]:
    """Make a form class whose forms are wrong in the way that the action says."""

    class RefusedForm(form_class):  # type: ignore[valid-type, misc]  # mypy knows no class made at run time
        def clean(self) -> Any:
            cleaned = super().clean()
            field = getattr(refusal, "field", "")
            self.add_error(field if field in self.fields else None, ValidationError(str(refusal)))
            return cleaned

    return RefusedForm
