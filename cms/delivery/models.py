"""What readers see: self-contained published documents, where they are found, and where they used to be.

Only `publishing` writes these tables; the content API and the web site read nothing else.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from cms.accounts.ids import new_id
from cms.accounts.models import Locale, Site


class Publication(models.Model):
    """A document as published, for a window of time. Windows of one document never overlap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document_id = models.UUIDField()
    revision_id = models.UUIDField()
    translation_key = models.UUIDField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+")
    type_key = models.CharField(max_length=40)
    type_version = models.PositiveIntegerField()
    parent_id = models.UUIDField(null=True)
    order_key = models.CharField(max_length=120, blank=True)
    slug = models.CharField(max_length=200, blank=True)
    url_path = models.CharField(max_length=2000, null=True)
    title = models.TextField(blank=True)
    data = models.TextField()
    seo = models.TextField()
    depends = models.TextField()
    search = SearchVectorField(null=True)
    search_text = models.TextField(blank=True)
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField()
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    first_published_at = models.DateTimeField()
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document_id", "visible_from"], name="delivery_publication_window")
        ]
        indexes = [
            models.Index(fields=["translation_key", "locale"], name="delivery_publication_key"),
            models.Index(fields=["site", "locale", "-published_at", "-id"], name="delivery_publication_newest"),
            models.Index(
                fields=["site", "locale", "type_key", "-published_at", "-id"], name="delivery_publication_type"
            ),
            models.Index(fields=["parent_id", "order_key"], name="delivery_publication_children"),
            models.Index(fields=["xid", "seq", "id"], name="delivery_publication_sync"),
            models.Index(
                fields=["site", "locale", "url_path"],
                condition=models.Q(url_path__isnull=False),
                name="delivery_publication_path",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublicationField(models.Model):
    """One value of one filterable field, in the column that fits; a position uses number and text together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="field_values")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+")
    type_key = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    text = models.CharField(max_length=255, null=True)
    number = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    time = models.DateTimeField(null=True)
    ref = models.UUIDField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["type_key", "field", "locale", value, "-published_at", "publication"],
                condition=models.Q(**{f"{value}__isnull": False}),
                name=f"delivery_field_{value}",
            )
            for value in ("text", "number", "time", "ref")
        ]

    def __str__(self) -> str:
        return self.field


class PublicationReference(models.Model):
    """A published document names another one, or an asset."""

    class Kind(models.TextChoices):
        LINK = "link"
        REFERENCE = "reference"
        MEDIA = "media"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="targets")
    target = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        indexes = [models.Index(fields=["target", "kind"], name="delivery_reference_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class Path(models.Model):
    """An address that a document has or had. If it is not the current one of what is published, it is a redirect."""

    class Origin(models.TextChoices):
        AUTO = "auto"
        MANUAL = "manual"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=2000)
    document_id = models.UUIDField(null=True)
    translation_key = models.UUIDField(null=True)
    target_url = models.CharField(max_length=2000, blank=True)
    status = models.PositiveSmallIntegerField(default=301)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.AUTO)
    valid_from = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "locale", "path"], name="delivery_path_once")]
        indexes = [models.Index(fields=["document_id"], name="delivery_path_document")]

    def __str__(self) -> str:
        return self.path


class Tombstone(models.Model):
    """A document that was unpublished; kept 90 days for those who follow changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    xid = models.BigIntegerField()
    seq = models.BigIntegerField()
    document_id = models.UUIDField(unique=True)
    translation_key = models.UUIDField()
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    type_key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["xid", "seq"], name="delivery_tombstone_sync")]

    def __str__(self) -> str:
        return str(self.document_id)


class PublishedType(models.Model):
    """The public part of a type's definition, for filters, `/types/` and the OpenAPI document."""

    key = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    usage = models.CharField(max_length=5)
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    schema = models.JSONField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
