"""Flags as they are stored, every change of them, and the one row that says whether anything changed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a flag is for; `*` in a kill list means release and experiment."""

    RELEASE = "release", _("release")
    OPS = "ops", _("operations")
    EXPERIMENT = "experiment", _("experiment")
    PERMISSION = "permission", _("permission")
    KILL = "kill", _("kill switch")


class Flag(models.Model):
    """A feature that is switched without a deploy. Archived rows stay, so that every process hears of it."""

    key = models.CharField(
        max_length=100, primary_key=True, help_text=_("Lower-case letters, digits, dots and hyphens; never changed.")
    )
    definition = models.TextField(help_text=_("A flagd flag as JSON; text, because the order of keys is kept."))
    overrides = models.JSONField(default=list, blank=True)
    kill = models.JSONField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RELEASE)
    owner = models.CharField(max_length=80, blank=True, help_text=_("Who decides about it: a team or a person."))
    description = models.TextField(blank=True)
    expires_on = models.DateField(null=True, blank=True, help_text=_("The day by which it should be gone."))
    client_visible = models.BooleanField(
        default=False, help_text=_("Browsers and apps may ask for it; others never hear of it.")
    )
    kill_variant = models.CharField(max_length=100, help_text=_("What is served when it is killed."))
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["key"]
        indexes = [models.Index(fields=["version"], name="flags_flag_version")]
        permissions = [("kill_flag", _("Can kill a flag"))]

    def __str__(self) -> str:
        return self.key


class FlagChange(models.Model):
    """One change of a flag: who, when, why, and the whole flag before and after. Rows are never changed."""

    version = models.BigIntegerField()
    flag_key = models.CharField(max_length=100)
    action = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["flag_key", "-id"], name="flags_change_flag")]

    def __str__(self) -> str:
        return f"{self.action} {self.flag_key}"


class FlagSet(models.Model):
    """One row: raised by every change before anything else, so that versions become visible in commit order."""

    version = models.BigIntegerField(default=0)
    token = models.CharField(max_length=32, default="")
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.version)


MEMBERS = (
    "definition", "overrides", "kill", "kind", "owner", "description", "expires_on", "client_visible", "kill_variant",
    "archived_at",
)  # fmt: skip
"""What a change may change, and what is kept of a flag before and after it."""


def as_json(flag: Flag) -> dict[str, Any]:
    """Describe a whole flag for the record of changes."""
    found = {name: getattr(flag, name) for name in MEMBERS}
    for name in ("expires_on", "archived_at"):
        found[name] = found[name].isoformat() if found[name] else None
    return found
