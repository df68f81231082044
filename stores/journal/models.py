"""The append-only log every action writes to, its chained seals, and the answers already given."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The id of the running transaction (PostgreSQL 13 or later); xid8 becomes bigint only by way of text."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
    arity = 0


class Event(models.Model):
    """Something that happened. Never changed, never deleted: a trigger refuses both.

    The links carry no foreign key constraint: the log outlives what it speaks of.
    """

    kind = models.CharField(max_length=64, help_text=_("Past tense, dotted: pickup.handed_over."))
    store = models.ForeignKey("stores.Store", models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    subject = models.CharField(max_length=64, help_text=_("What it happened to, such as fulfillment:12."))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    device = models.ForeignKey("stores.Device", models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    item = models.ForeignKey("catalog.Item", models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    quantity = models.IntegerField(null=True)
    seconds = models.IntegerField(null=True)
    data = models.JSONField(default=dict, db_default={})
    key = models.CharField(max_length=100, blank=True, default="", db_default="")
    occurred_at = models.DateTimeField(db_default=Now(), help_text=_("By the device's or the source's clock."))
    recorded_at = models.DateTimeField(db_default=Now(), help_text=_("By the database's clock."))
    # Sequence order is not commit order; the transaction id lets a reader tell what can still appear.
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_subject"),
            models.Index(fields=["store", "kind", "recorded_at"], name="event_store_kind"),
            models.Index(fields=["transaction"], name="event_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Seal(models.Model):
    """A sealed batch of one table's rows: all of the transactions from `first` up to, but not including, `last`.

    The hash covers the batch's rows and the seal before it, so a changed row breaks every later seal.
    """

    table = models.CharField(max_length=40)
    first_transaction = models.BigIntegerField()
    last_transaction = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint("table", "first_transaction", name="seal_table_first_unique")]

    def __str__(self) -> str:
        return f"{self.table} {self.first_transaction}-{self.last_transaction}"


class Receipt(models.Model):
    """The answer a request got, kept so that the same key again gets the same answer and has no second effect."""

    scope = models.CharField(max_length=64, help_text=_("Who asked: associate:12, api:3."))
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint("scope", "key", name="receipt_scope_key_unique")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
