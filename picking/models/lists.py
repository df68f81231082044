"""The walk: pick lists, who holds them, and the totes they fill."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from picking.models.shortages import Shortage
from picking.models.waves import Method, Wave


class PickList(models.Model):
    """The lines one associate walks: of one order, of several, or of one zone. Each order in it is a part."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PICKING = "picking", _("Being picked")
        DONE = "done", _("Picked")
        CANCELLED = "cancelled", _("Cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.OPEN: {State.PICKING, State.CANCELLED},
        State.PICKING: {State.DONE, State.CANCELLED},
    }

    UNFINISHED = (State.OPEN, State.PICKING)

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="pick_lists", db_index=False)
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="lists")
    method = models.CharField(max_length=6, choices=Method, default=Method.SINGLE, db_default=Method.SINGLE)
    # Of a zone list: where all its bins lie.
    zone = models.ForeignKey("stores.Zone", models.PROTECT, null=True, blank=True, related_name="+")
    fulfillments = models.ManyToManyField(
        "orders.Fulfillment", through="PickPart", through_fields=("pick_list", "fulfillment"), related_name="pick_lists"
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    is_express = models.BooleanField(default=False, db_default=False)
    # The soonest promise among its parts.
    due_at = models.DateTimeField()
    # Where the picker's last bin scan says they stand; the next line asks for its own bin. No index names it: the row
    # is updated in place, at each bin.
    at_bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # A unit in the picker's hand of which something is still to be scanned or typed, and what is known of it so far.
    asks_for = models.ForeignKey("PickLine", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    asked = models.JSONField(default=dict, blank=True, db_default={})

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["store", "state", "due_at"], name="picklist_store_state")]
        constraints = [models.UniqueConstraint(fields=["id", "store"], name="picklist_id_store_unique")]

    def __str__(self) -> str:
        return f"{self.pk}"


class PickPart(models.Model):
    """One order's part of a list. Its goods go into totes of its own: `position` is their place on the cart."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="parts", db_index=False)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="+", db_index=False)
    fulfillment = models.ForeignKey("orders.Fulfillment", models.PROTECT, related_name="pick_parts")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "fulfillment"], name="pickpart_list_fulfillment_unique"),
            models.UniqueConstraint(fields=["pick_list", "position"], name="pickpart_list_position_unique"),
            # What the composite foreign keys of totes and lines point at: a part is of their list.
            models.UniqueConstraint(fields=["id", "pick_list"], name="pickpart_id_list_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of list {self.pick_list_id}"


class PickClaim(models.Model):
    """Who picks a list. A line stands on one list only, so one open claim per list is one per line."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="claims")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(db_default=Now())
    # The last sign of life, to the minute, by the database's clock: a claim whose picker goes quiet ends.
    seen_at = models.DateTimeField(db_default=Now())
    on_break_since = models.DateTimeField(null=True, blank=True)
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
    """A tote in use by one part of a pick list, until its goods are staged."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="totes")
    part = models.ForeignKey(PickPart, models.CASCADE, related_name="totes")
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
    """Units of one item to take from one bin for one order."""

    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="lines", db_index=False)
    part = models.ForeignKey(PickPart, models.CASCADE, related_name="lines")
    fulfillment_line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, related_name="pick_lines")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, related_name="pick_lines")
    sequence = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    short_reason = models.CharField(max_length=10, choices=Shortage.Reason, blank=True)
    # Units that nobody is to pick any more: the customer wants them no longer.
    withdrawn = models.PositiveIntegerField(default=0, db_default=0)
    # Of those picked, the units that go back, or have gone back, to a shelf.
    put_back = models.PositiveIntegerField(default=0, db_default=0)
    # A column of its own for the index below: one that named `picked` would be written anew, with every other index of
    # the table, at each scan (PostgreSQL's heap-only updates change no indexed column).
    is_open = models.GeneratedField(
        expression=Q(quantity__gt=F("picked") + F("short") + F("withdrawn")),  # type: ignore[arg-type]  # The stubs forget Q.
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
                condition=Q(quantity__gte=F("picked") + F("short") + F("withdrawn")),
                name="pickline_picked_within_quantity",
            ),
            models.CheckConstraint(condition=Q(put_back__lte=F("picked")), name="pickline_put_back_within_picked"),
            models.CheckConstraint(condition=Q(short=0) | ~Q(short_reason=""), name="pickline_short_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} from {self.bin_id}"

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.picked - self.short - self.withdrawn
