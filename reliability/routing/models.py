"""What the nodes tell each other through replication: epochs, the heartbeat, orders of operators, lost writes."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

HEARTBEAT_ID = 1


class Epoch(models.Model):
    """One promotion. The row replicates, so a node that has it follows the history that began with it."""

    system_id = models.CharField(max_length=20)
    timeline = models.PositiveIntegerField()
    epoch_id = models.CharField(max_length=32)
    fork_lsn = models.BigIntegerField(null=True)
    """Bytes; None: the server restarted before anybody saw the promotion, and the fork is not known."""
    previous_timeline = models.PositiveIntegerField()
    node = models.CharField(max_length=100)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("regions and databases")
        """Its list in the admin is the page of that name."""
        constraints = [models.UniqueConstraint(fields=["system_id", "timeline"], name="routing_epoch_once")]

    def __str__(self) -> str:
        return f"timeline {self.timeline} on {self.node}"


class Heartbeat(models.Model):
    """The one row that the primary touches each second: a node that has an old beat is behind."""

    beat = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    """By the clock of the primary; compared with itself only."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=HEARTBEAT_ID), name="routing_heartbeat_is_one_row")]

    def __str__(self) -> str:
        return f"beat {self.beat}"


class Override(models.Model):
    """An order of an operator, in force in every process until it expires."""

    class Kind(models.TextChoices):
        DRAIN = "drain", _("Drain: no readers for this node while there is another")
        READ_ONLY = "read_only", _("Read-only: refuse writes")
        FENCE = "fence", _("Fence: neither reads nor writes on this node")
        LAG_HARD_SECONDS = "lag_hard_seconds", _("Longest lag of a node that gets readers, in seconds")

    kind = models.CharField(max_length=20, choices=Kind)
    node = models.CharField(max_length=100, blank=True)
    """Name of the node; empty: all of them."""
    value = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "node"], name="routing_override_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.node}".rstrip()


class LostWrite(models.Model):
    """A write that was acknowledged, and may not have survived a failover."""

    system_id = models.CharField(max_length=20)
    timeline = models.PositiveIntegerField()
    lsn = models.BigIntegerField()
    """Position after its commit, in bytes; it may include the writes of others, so this says "may be lost"."""
    written_at = models.DateTimeField()
    request_id = models.CharField(max_length=64, blank=True)
    user = models.CharField(max_length=150, blank=True)
    route = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=500, blank=True, db_default="")
    """Address that was written to, for a link; empty when nobody told it, or it was longer."""
    node = models.CharField(max_length=100, blank=True)
    reported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system_id", "timeline", "lsn", "request_id"], name="routing_lost_write_once"
            )
        ]
        indexes = [models.Index(fields=["-written_at"], name="routing_lost_write_age")]

    def __str__(self) -> str:
        return f"{self.route or 'a write'} of {self.written_at:%H:%M:%S}"
