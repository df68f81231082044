"""The ledger and what is derived from it. See README.md for the arithmetic."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from stores.journal.models import CurrentTransaction


class Condition(models.TextChoices):
    SELLABLE = "sellable", _("Sellable")
    DISPLAY = "display", _("On display")
    DAMAGED = "damaged", _("Damaged")
    QUARANTINED = "quarantined", _("Quarantined")
    REFURBISHABLE = "refurbishable", _("To refurbish")


class Move(models.Model):
    """Units of one item going from one bin and condition to another. Append-only: a mistake is moved back."""

    class Reason(models.TextChoices):
        OPENING = "opening", _("Opening stock")
        RECEIVED = "received", _("Received")
        PICKED = "picked", _("Picked")
        PICK_UNDONE = "pick_undone", _("Pick undone")
        NOT_FOUND = "not_found", _("Not found while picking")
        DAMAGED = "damaged", _("Damaged")
        STAGED = "staged", _("Staged")
        HANDED_OVER = "handed_over", _("Handed over")
        PUT_BACK = "put_back", _("Put back")
        CORRECTED = "corrected", _("Corrected")
        PUT_AWAY = "put_away", _("Put away")
        MOVED = "moved", _("Moved")
        REPLENISHED = "replenished", _("Replenished")
        DISPLAYED = "displayed", _("Put on display")
        QUARANTINED = "quarantined", _("Quarantined")
        RELEASED = "released", _("Released for sale")
        WRITTEN_OFF = "written_off", _("Written off")
        FOUND = "found", _("Found")
        RETURNED = "returned", _("Returned")
        SOLD = "sold", _("Sold at the till")
        COUNTED = "counted", _("Counted")

    # What has happened to goods, whoever was promised them. These are never refused for a promise: what is then
    # missing is recorded as a shortfall.
    FACTS = (
        Reason.NOT_FOUND,
        Reason.DAMAGED,
        Reason.QUARANTINED,
        Reason.WRITTEN_OFF,
        Reason.HANDED_OVER,
        Reason.SOLD,
        Reason.COUNTED,
    )

    key = models.CharField(max_length=100, unique=True)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="moves", db_index=False)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="moves", db_index=False)
    source_bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="+", db_index=False)
    source_condition = models.CharField(max_length=13, choices=Condition, default=Condition.SELLABLE)
    target_bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="+", db_index=False)
    target_condition = models.CharField(max_length=13, choices=Condition, default=Condition.SELLABLE)
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=16, choices=Reason)
    reference = models.CharField(max_length=64, blank=True, default="", help_text=_("The document behind it."))
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    occurred_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [
            models.Index(fields=["store", "item", "id"], name="move_store_item"),
            models.Index(fields=["reference", "id"], name="move_reference"),
            models.Index(fields=["transaction"], name="move_transaction"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="move_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(source_bin=F("target_bin")) | ~Q(source_condition=F("target_condition")),
                name="move_has_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}: {self.source_bin_id} → {self.target_bin_id}"


class Balance(models.Model):
    """How many units the ledger puts in a bin, by item and condition. Only virtual bins go below zero."""

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="+", db_index=False)
    bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="balances", db_index=False)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="balances", db_index=False)
    condition = models.CharField(max_length=13, choices=Condition)
    physical = models.BooleanField()
    quantity = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["store", "item"], name="balance_store_item")]
        constraints = [
            models.UniqueConstraint(fields=["bin", "item", "condition"], name="balance_bin_item_condition_unique"),
            models.CheckConstraint(
                condition=Q(physical=False) | Q(quantity__gte=0), name="balance_physical_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bin_id} {self.item_id} {self.condition}: {self.quantity}"


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def for_pairs(self, pairs: Iterable[tuple[int, int]]) -> Self:
        """Rows of the (store id, item id) pairs, in the order every writer locks them."""
        wanted = Q(pk__in=[])
        for store_id, item_id in set(pairs):
            wanted |= Q(store_id=store_id, item_id=item_id)
        return self.filter(wanted).order_by("store_id", "item_id")

    def locked(self) -> Self:
        return self.select_for_update()


class Availability(models.Model):
    """What one store can promise of one item: the one row that is locked, always in (store, item) order."""

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="availability", db_index=False)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="availability")
    on_hand = models.PositiveIntegerField(default=0, db_default=0)
    unsellable = models.PositiveIntegerField(default=0, db_default=0)
    reserved = models.PositiveIntegerField(default=0, db_default=0)
    shortfall = models.PositiveIntegerField(default=0, db_default=0)
    safety_stock = models.PositiveIntegerField(default=0, db_default=0)
    atp = models.GeneratedField(
        expression=Greatest(F("on_hand") - F("unsellable") - F("reserved") - F("safety_stock"), 0),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    # Takes part in a foreign key to (item, is_bundle): a bundle has no stock of its own.
    is_bundle = models.BooleanField(default=False, db_default=False, editable=False)
    # The transaction that changed the row last, written by a trigger: what a follower reads changes by.
    changed_in = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "availability"
        indexes = [models.Index(fields=["changed_in", "id"], name="availability_changed")]
        constraints = [
            models.UniqueConstraint(fields=["store", "item"], name="availability_store_item_unique"),
            models.CheckConstraint(condition=Q(is_bundle=False), name="availability_never_of_a_bundle"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand") - F("unsellable") + F("shortfall")),
                name="availability_reserved_within_on_hand",
            ),
            models.CheckConstraint(
                condition=Q(unsellable__lte=F("on_hand")), name="availability_unsellable_within_on_hand"
            ),
        ]

    def __str__(self) -> str:
        taken = f"{self.reserved} reserved − {self.unsellable} unsellable − {self.safety_stock} safety"
        return f"{self.on_hand} − {taken} = {self.atp}"
