"""Who: sites and locales, people, their roles and grants, and the record of what they did."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cms.accounts.ids import new_id


class Locale(models.Model):
    """A language that content is written in."""

    class Direction(models.TextChoices):
        LEFT_TO_RIGHT = "ltr", _("left to right")
        RIGHT_TO_LEFT = "rtl", _("right to left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(
        _("code"),
        max_length=35,
        unique=True,
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Use a BCP 47 tag such as de or de-CH."))],
        help_text=_("BCP 47 tag, such as en, de or de-CH."),
    )
    name = models.CharField(_("name"), max_length=80)
    fallback = models.JSONField(
        _("falls back to"),
        default=list,
        blank=True,
        help_text=_("Codes of the locales that are shown, in this order, where a translation is missing."),
    )
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.LEFT_TO_RIGHT
    )
    search_configuration = models.CharField(
        _("search configuration"),
        max_length=40,
        default="simple",
        help_text=_("PostgreSQL text search configuration, such as english or german."),
    )

    class Meta:
        verbose_name = _("locale")
        verbose_name_plural = _("locales")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A web site: its hosts and its locales."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(
        _("key"), max_length=40, unique=True, help_text=_("Short name used by the API; never changed.")
    )
    name = models.CharField(_("name"), max_length=120)
    hosts = models.JSONField(_("hosts"), default=list, blank=True, help_text=_("Host names that show this site."))
    is_default = models.BooleanField(
        _("default site"), default=False, help_text=_("Shown for hosts that no site names.")
    )
    default_locale = models.ForeignKey(
        Locale, on_delete=models.PROTECT, related_name="+", verbose_name=_("default locale")
    )
    locales = models.ManyToManyField(Locale, through="SiteLocale", related_name="sites")
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="accounts_site_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SiteLocale(models.Model):
    """A locale of a site, and where its pages begin."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="site_locales")
    locale = models.ForeignKey(Locale, on_delete=models.PROTECT, related_name="site_locales", verbose_name=_("locale"))
    prefix = models.SlugField(
        _("prefix"),
        max_length=35,
        blank=True,
        allow_unicode=True,
        help_text=_("First part of the path; empty for one locale."),
    )

    class Meta:
        ordering = ["prefix"]
        constraints = [
            models.UniqueConstraint(fields=["site", "locale"], name="accounts_site_locale_once"),
            models.UniqueConstraint(fields=["site", "prefix"], name="accounts_site_prefix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site.key} /{self.prefix}"


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a person; a password of None means that they must set one by an invitation."""
        if not email:
            raise ValueError("email: a person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Create a person who may do everything everywhere."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Language of the admin; empty follows the browser.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("Times in the admin are shown in this zone.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switch off instead of deleting, to keep the history.")
    )
    is_staff = models.BooleanField(_("may use the admin"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class Role(models.Model):
    """A named set of actions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    actions = models.JSONField(_("actions"), default=list, help_text=_("What somebody with this role may do."))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["name"]

    def __str__(self) -> str:
        """Give the name; that of a role that every site begins with has a translation."""
        return pgettext("role", self.name)


class Grant(models.Model):
    """A role given to a person or a group, perhaps only somewhere; an empty limit means everywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants", verbose_name=_("role"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="grants")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="grants")
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("site")
    )
    tree_root = models.UUIDField(
        _("page"), null=True, blank=True, help_text=_("Translation key of the page at and below which the grant holds.")
    )
    type_key = models.CharField(max_length=40, null=True, blank=True)
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("given role")
        verbose_name_plural = _("given roles")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, group__isnull=True)
                | models.Q(user__isnull=True, group__isnull=False),
                name="accounts_grant_one_holder",
                violation_error_message=_("Give the role to a person or to a group, not to both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role.name} → {self.user or self.group}"


class AuditEntry(models.Model):
    """What somebody did; written by actions in their transaction, never changed (a trigger guards it on PostgreSQL)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("time"))
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=254)
    action = models.CharField(max_length=80)
    object_type = models.CharField(_("kind"), max_length=80)
    object_id = models.CharField(max_length=64)
    object_name = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["-at", "-id"], name="accounts_audit_time"),
            models.Index(fields=["object_id", "-at"], name="accounts_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"
