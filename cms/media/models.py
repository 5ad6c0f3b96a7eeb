"""Files: what was uploaded, and the sizes and formats it is offered in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.ids import new_id
from cms.accounts.models import Site
from cms.media.kinds import EXTENSION_BY_MIME
from cms.media.ladder import POSTER, url


class Asset(models.Model):
    """A file, known by the hash of its content; the same file is kept once per site."""

    class State(models.TextChoices):
        PROCESSING = "processing", _("being processed")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64, help_text=_("SHA-256 of the content, in hex; also the storage key."))
    size_bytes = models.BigIntegerField()
    mime = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    frames = models.PositiveIntegerField(default=1, help_text=_("More than one in an animated picture."))
    duration_seconds = models.FloatField(null=True)
    file_name = models.CharField(max_length=255)
    title = models.CharField(max_length=255, blank=True)
    alt = models.JSONField(default=dict, blank=True, help_text=_("Alternative text by locale code."))
    focal_x = models.FloatField(default=0.5, help_text=_("0 is the left edge, 1 the right one."))
    focal_y = models.FloatField(default=0.5, help_text=_("0 is the upper edge, 1 the lower one."))
    folder = models.CharField(max_length=255, blank=True)
    ladder = models.JSONField(default=list, help_text=_("Renditions that are ready, smallest first."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROCESSING)
    state_changed_at = models.DateTimeField()
    error = models.CharField(max_length=255, blank=True, help_text=_("Why processing failed."))
    version = models.PositiveIntegerField(default=1)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "hash"], name="media_asset_once"),
            models.CheckConstraint(
                condition=models.Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="media_asset_focal_inside",
                violation_error_message=_("The focal point lies between 0 and 1 in both directions."),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-uploaded_at", "-id"], name="media_asset_newest"),
            models.Index(fields=["hash"], name="media_asset_hash"),
            models.Index(
                fields=["state_changed_at"], condition=models.Q(state="processing"), name="media_asset_processing"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")

    @property
    def kind_name(self) -> str:
        """The kind of file in a word that people use, such as JPEG or DOCX."""
        return EXTENSION_BY_MIME.get(self.mime, self.mime).removeprefix(".").upper().replace("JPG", "JPEG")

    def picture_url(self, *, width: int = 320) -> str:
        """Give the address of a picture of it, at least `width` wide where there is one; empty without any."""
        if self.mime == "image/svg+xml":
            return url(self.hash, "original")
        if self.is_animated:
            return url(self.hash, POSTER) if self.state == self.State.READY else ""
        whole = [each for each in self.ladder if each["crop"] is None and each["mime"] == "image/webp"]
        wide = [each for each in whole if each["width"] >= width] or whole[-1:]
        return str(wide[0]["url"]) if wide else ""

    @property
    def is_animated(self) -> bool:
        return self.frames > 1

    @property
    def has_renditions(self) -> bool:
        """Whether renditions are made of it: of every picture made of pixels."""
        return self.is_image and self.mime != "image/svg+xml"


class Rendition(models.Model):
    """One encoded size of an image."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    spec = models.CharField(max_length=40, help_text=_("Crop, width and format, such as w640.avif or 16x9-w960.webp."))
    focal_key = models.CharField(
        max_length=16, help_text=_("The focal point it was cut around; empty without a crop."), blank=True
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.BigIntegerField()
    storage_key = models.CharField(max_length=160)

    class Meta:
        ordering = ["width", "spec"]
        constraints = [models.UniqueConstraint(fields=["asset", "spec", "focal_key"], name="media_rendition_once")]

    def __str__(self) -> str:
        return self.spec


class RetiredFile(models.Model):
    """A file that no asset names any more: replaced ones are served for a while, since caches still name them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hash = models.CharField(max_length=64, db_index=True)
    mime = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255)
    served_until = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["served_until", "id"]

    def __str__(self) -> str:
        return self.file_name
