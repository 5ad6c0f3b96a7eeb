"""What is to happen later, and what came from elsewhere."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.ids import new_id
from cms.accounts.models import Site
from cms.content.models import Document, Revision
from cms.media.models import Asset


class Schedule(models.Model):
    """A document is to be published or unpublished at a time.

    The result is already written with its window; the worker only settles it, so content flips on time without workers.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", _("publish")
        UNPUBLISH = "unpublish", _("unpublish")

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="schedules")
    action = models.CharField(max_length=9, choices=Action.choices)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="schedules")
    run_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, default="UTC", help_text=_("Zone in which the time was entered."))
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "action"],
                condition=models.Q(status="pending"),
                name="publishing_schedule_one_pending",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(status="pending"), name="publishing_schedule_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.document_id} at {self.run_at:%Y-%m-%d %H:%M}"


class ImportedItem(models.Model):
    """Where an imported document came from, so that a second import updates instead of doubling it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=400, help_text=_("Address of the site it was exported from."))
    source_key = models.CharField(max_length=200, help_text=_("What it is there, such as post:12."))
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(
        help_text=_("Version of the document after the import; a higher one was edited here.")
    )
    fingerprint = models.CharField(max_length=64, help_text=_("Hash of what was imported."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "source", "source_key"], name="publishing_imported_once")
        ]

    def __str__(self) -> str:
        return self.source_key


class ImportedFile(models.Model):
    """Where the file of an asset came from, so that a second import finds it without the folder of files."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=400, help_text=_("Address of the site it was exported from."))
    source_key = models.CharField(max_length=200, help_text=_("What it is there, such as attachment:9."))
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "source", "source_key"], name="publishing_imported_file_once")
        ]

    def __str__(self) -> str:
        return self.source_key
