"""Drafts: types as data, documents in a tree, and every revision of them. What editors see."""

import json
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.ids import new_id
from cms.accounts.models import Locale, Site
from cms.media.models import Asset

MAX_DEPTH = 20
"""Levels of the tree, the home page included."""


class DocumentType(models.Model):
    """A kind of content. What it consists of is data, so that a change of fields is no change of the schema."""

    class Usage(models.TextChoices):
        PAGE = "page", _("page")
        ITEM = "item", _("item")
        BLOCK = "block", _("block")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True, help_text=_("Never changed."))
    name = models.CharField(max_length=80)
    icon = models.CharField(max_length=40, blank=True)
    usage = models.CharField(max_length=5, choices=Usage.choices)
    version = models.PositiveIntegerField(default=1)
    is_archived = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DocumentTypeVersion(models.Model):
    """The fields of a type at one version; rows are never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.ForeignKey(DocumentType, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["type", "version"]
        constraints = [models.UniqueConstraint(fields=["type", "version"], name="content_type_version_once")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.version}"


class TranslationGroup(models.Model):
    """What all translations of a document share: its type, and the fields that are not localised."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    shared = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.id)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Common selections of documents."""

    def in_use(self) -> "DocumentQuerySet":
        """Leave out what is in the trash."""
        return self.filter(deleted_at__isnull=True)


class Document(models.Model):
    """One thing in one locale: its place, and which of its revisions count."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+")
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="documents")
    translation_group = models.ForeignKey(TranslationGroup, on_delete=models.PROTECT, related_name="documents")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    order_key = models.CharField(max_length=120, default="", help_text=_("Place among the siblings; fractional."))
    slug = models.CharField(max_length=200, blank=True)
    url_path = models.CharField(max_length=2000, null=True, help_text=_("Address within the locale; none for items."))
    title = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    head_revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")
    live_revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")
    published_version = models.PositiveIntegerField(default=0)
    first_published_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)
    search_text = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_with = models.UUIDField(
        null=True, help_text=_("The document whose way into the trash took this one along.")
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["translation_group", "locale"], name="content_document_one_per_locale"),
            models.UniqueConstraint(
                fields=["site", "locale", "url_path"],
                condition=models.Q(deleted_at__isnull=True, url_path__isnull=False),
                name="content_document_one_per_path",
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "order_key"], name="content_document_children"),
            models.Index(fields=["site", "-updated_at", "-id"], name="content_document_newest"),
            models.Index(fields=["site", "type", "-updated_at"], name="content_document_by_type"),
            models.Index(fields=["deleted_at"], name="content_document_trash"),
        ]

    def __str__(self) -> str:
        return self.title or f"({self.pk})"

    @property
    def is_published(self) -> bool:
        return self.live_revision_id is not None

    @property
    def has_unpublished_changes(self) -> bool:
        return self.live_revision_id is not None and self.live_revision_id != self.head_revision_id


class Revision(models.Model):
    """What a document was at one moment. Saved ones never change; a person's autosave row rolls."""

    class Kind(models.TextChoices):
        SAVED = "saved", _("saved")
        AUTOSAVE = "autosave", _("autosaved")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SAVED)
    type_version = models.PositiveIntegerField()
    data = models.TextField(help_text=_("Canonical JSON text; nothing queries inside."))
    shared = models.TextField(help_text=_("The shared fields at that moment, as canonical JSON text."))
    base_version = models.PositiveIntegerField()
    seq = models.PositiveIntegerField(default=0, help_text=_("Counter of the browser's autosaves."))
    label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    size_bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], condition=models.Q(kind="saved"), name="content_revision_number"
            ),
            models.UniqueConstraint(
                fields=["document", "created_by"], condition=models.Q(kind="autosave"), name="content_revision_autosave"
            ),
        ]
        indexes = [models.Index(fields=["document", "-created_at", "-id"], name="content_revision_newest")]

    def __str__(self) -> str:
        return f"{self.document_id} #{self.number}"

    @property
    def values(self) -> dict[str, Any]:
        """The fields of this locale: {"fields": {...}, "slug": "...", "seo": {...}}."""
        loaded: dict[str, Any] = json.loads(self.data)
        return loaded

    @property
    def shared_values(self) -> dict[str, Any]:
        """The shared fields by key."""
        loaded: dict[str, Any] = json.loads(self.shared)
        return loaded


class Reference(models.Model):
    """A link of a document's head revision: to a translation group or to an asset, never to both."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="references")
    to_group = models.ForeignKey(
        TranslationGroup, null=True, on_delete=models.CASCADE, related_name="references", db_constraint=False
    )
    to_asset = models.ForeignKey(
        Asset, null=True, on_delete=models.CASCADE, related_name="references", db_constraint=False
    )
    path = models.CharField(max_length=400)
    kind = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_group__isnull=False, to_asset__isnull=True)
                | models.Q(to_group__isnull=True, to_asset__isnull=False),
                name="content_reference_one_target",
            )
        ]

    def __str__(self) -> str:
        return self.path
