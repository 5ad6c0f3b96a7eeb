"""How many events were there, and how many were bad? Sums by objective and region, for when nobody else has any."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class EventSum(models.Model):
    """The events of one minute, or of one hour that is long over, in one region."""

    objective = models.CharField(_("objective"), max_length=60)
    region = models.CharField(_("region"), max_length=63, blank=True)
    began_at = models.DateTimeField(_("from"))
    seconds = models.PositiveSmallIntegerField(_("seconds"))
    total = models.BigIntegerField(_("events"))
    bad = models.BigIntegerField(_("bad events"))

    class Meta:
        verbose_name = _("error budget")
        verbose_name_plural = _("Error budget")
        constraints = [
            models.UniqueConstraint(fields=["began_at", "seconds", "objective", "region"], name="slo_one_sum"),
            models.CheckConstraint(condition=Q(seconds__in=[60, 3600]), name="slo_minute_or_hour"),
            models.CheckConstraint(condition=Q(bad__gte=0, bad__lte=models.F("total")), name="slo_bad_are_events"),
        ]

    def __str__(self) -> str:
        return f"{self.objective} {self.region} {self.began_at:%Y-%m-%d %H:%M}"
