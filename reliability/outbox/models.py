"""The log of what happened, written in the transaction that made it happen."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.db.models.sql.compiler import SQLCompiler


class CurrentTransaction(models.Func):
    """The id of the current transaction; 0 on SQLite, whose single writer keeps the order by itself."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()
    arity = 0

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="0", **extra)


class Event(models.Model):
    """One event. Ordered by (xid, seq) below the horizon it is read in commit order, and none is passed over."""

    seq = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["xid", "seq"], name="outbox_event_position"),
            models.Index(fields=["created_at"], name="outbox_event_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
