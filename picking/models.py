"""The walk: pick lists, who holds them, and the totes they fill."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PickList(models.Model):
    """The lines one associate walks for one fulfillment."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PICKING = "picking", _("Being picked")
        DONE = "done", _("Picked")
        CANCELLED = "cancelled", _("Cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.OPEN: {State.PICKING, State.CANCELLED},
        State.PICKING: {State.DONE, State.CANCELLED},
    }

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="pick_lists")
    fulfillment = models.ForeignKey("orders.Fulfillment", models.PROTECT, related_name="pick_lists")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    due_at = models.DateTimeField()
    # Where the picker's last bin scan says they stand; the next line asks for its own bin.
    at_bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["store", "state", "due_at"], name="picklist_store_state")]
        constraints = [models.UniqueConstraint(fields=["id", "store"], name="picklist_id_store_unique")]

    def __str__(self) -> str:
        return f"{self.pk}"


class PickClaim(models.Model):
    """Who picks a list. A line stands on one list only, so one open claim per list is one per line."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="claims")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pick_list"], condition=Q(ended_at__isnull=True), name="pickclaim_one_open_per_list"
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.pick_list_id} by {self.associate_id}"


class PickTote(models.Model):
    """A tote in use by a pick list, until its goods are staged."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="totes")
    tote = models.ForeignKey("stores.Bin", models.PROTECT, related_name="uses")
    opened_at = models.DateTimeField(db_default=Now())
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tote"], condition=Q(emptied_at__isnull=True), name="picktote_tote_in_one_use"
            ),
        ]

    def __str__(self) -> str:
        return f"tote {self.tote_id} for list {self.pick_list_id}"


class PickLine(models.Model):
    """Units of one item to take from one bin."""

    class ShortReason(models.TextChoices):
        NOT_FOUND = "not_found", _("Not there")
        DAMAGED = "damaged", _("Damaged")

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="lines")
    fulfillment_line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, related_name="pick_lines")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, related_name="pick_lines")
    sequence = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    short_reason = models.CharField(max_length=10, choices=ShortReason, blank=True)
    # A column of its own for the index below: one that named `picked` would be written anew, with every other index of
    # the table, at each scan (PostgreSQL's heap-only updates change no indexed column).
    is_open = models.GeneratedField(
        expression=Q(quantity__gt=F("picked") + F("short")),  # type: ignore[arg-type]  # The stubs forget Q.
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["sequence", "pk"]
        indexes = [models.Index(fields=["bin", "item"], condition=Q(is_open=True), name="pickline_open_by_bin")]
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "sequence"], name="pickline_list_sequence_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pickline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short")), name="pickline_picked_within_quantity"
            ),
            models.CheckConstraint(condition=Q(short=0) | ~Q(short_reason=""), name="pickline_short_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} from {self.bin_id}"

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.picked - self.short
