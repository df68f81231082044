"""What customers ordered, and which store fulfills which part of it."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.catalog.models import Item

CENT = Decimal("0.01")


class Order(models.Model):
    class State(models.TextChoices):
        PLACED = "placed", _("Placed")
        ALLOCATED = "allocated", _("Allocated")
        BACKORDERED = "backordered", _("Backordered")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.PLACED, State.ALLOCATED, State.BACKORDERED)
    NEXT: ClassVar[dict[str, set[str]]] = {
        State.PLACED: {State.ALLOCATED, State.BACKORDERED, State.CANCELLED},
        State.ALLOCATED: {State.BACKORDERED, State.COMPLETED, State.CANCELLED},
        State.BACKORDERED: {State.ALLOCATED, State.COMPLETED, State.CANCELLED},
    }

    class Method(models.TextChoices):
        COUNTER = "counter", _("Pickup at the counter")
        CURBSIDE = "curbside", _("Curbside")

    source = models.CharField(max_length=100, help_text=_("The system it came from."))
    external_id = models.CharField(max_length=100)
    number = models.CharField(max_length=40, help_text=_("What the customer was told."))
    method = models.CharField(max_length=10, choices=Method, default=Method.COUNTER)
    pickup_store = models.ForeignKey("stores.Store", models.PROTECT, null=True, blank=True, related_name="orders")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    is_express = models.BooleanField(default=False, db_default=False, help_text=_("Picked before all others."))
    allows_substitutes = models.BooleanField(
        default=False, db_default=False, help_text=_("The customer takes something like it for what is not there.")
    )
    state = models.CharField(max_length=12, choices=State, default=State.PLACED)
    placed_at = models.DateTimeField(help_text=_("By the source's clock."))
    created_at = models.DateTimeField(db_default=Now())
    # Why it could not be allocated, for the person who looks; and when it was last tried.
    waiting_since = models.DateTimeField(null=True, blank=True)
    last_routed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["waiting_since"], condition=Q(state="backordered"), name="order_backordered")]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="order_source_external_unique")]

    def __str__(self) -> str:
        return self.number


class OrderContact(models.Model):
    """The order's personal data, apart so that it can be erased while the order stays."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="contact")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="en")

    def __str__(self) -> str:
        return f"contact of order {self.order_id}"

    @property
    def short_name(self) -> str:
        """Enough to call somebody at a counter: B. Norman."""
        first, _space, rest = self.name.strip().partition(" ")
        return f"{first[:1]}. {rest}" if rest else first


class OrderBundle(models.Model):
    """A bundle as the customer ordered it, `price` being for one. What is in it stands in lines of the same order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="bundles")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100, blank=True)
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orderbundle_quantity_positive"),
            # What the line's composite foreign key points at: a line is of its bundle's order.
            models.UniqueConstraint(fields=["id", "order"], name="orderbundle_id_order_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"

    @property
    def allocated(self) -> int:
        """Whole bundles that stores have promised all parts of."""
        return min((line.allocated // (line.per_bundle or 1) for line in self.lines.all()), default=0)

    @property
    def wanted(self) -> int:
        """Bundles of which anything is still to be given, or was."""
        return max(
            (-(-(line.quantity - line.cancelled) // (line.per_bundle or 1)) for line in self.lines.all()), default=0
        )

    @property
    def cancelled(self) -> int:
        """Bundles that lack a part for good."""
        return max((-(-line.cancelled // (line.per_bundle or 1)) for line in self.lines.all()), default=0)


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    # The bundle it is a part of, and how many units of it each bundle had when it was ordered.
    bundle = models.ForeignKey(OrderBundle, models.CASCADE, null=True, blank=True, related_name="lines", db_index=False)
    per_bundle = models.PositiveSmallIntegerField(null=True, blank=True)
    # The line whose item was not there: this one's is given in its place.
    substitute_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substituted_by", db_index=False
    )
    external_id = models.CharField(max_length=100, blank=True)
    quantity = models.PositiveIntegerField()
    # Allocated: claimed by fulfillments and not given up since. The rest is backordered or cancelled.
    allocated = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    price_rest = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        default=0,
        db_default=0,
        help_text=_("What the whole line costs beyond its price times its units: cents a bundle's price leaves over."),
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="orderline_bundle"),
            models.Index(
                fields=["substitute_for"], condition=Q(substitute_for__isnull=False), name="orderline_substitute_for"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(bundle__isnull=True, per_bundle__isnull=True) | Q(bundle__isnull=False, per_bundle__gte=1),
                name="orderline_per_bundle_iff_of_one",
            ),
            models.CheckConstraint(
                # Less than a cent a unit, so no unit's price is more than a cent off.
                condition=Q(price_rest__gte=0) & Q(price_rest__lt=F("quantity") * CENT),
                name="orderline_price_rest_in_cents",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orderline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("allocated") + F("cancelled")), name="orderline_allocated_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.allocated - self.cancelled

    @property
    def amount(self) -> Decimal:
        """What all its units cost."""
        return self.amount_of(self.quantity)

    @property
    def cancelled_amount(self) -> Decimal:
        """What the cancelled units would have cost: with what is left it makes `amount`, to the cent."""
        return self.amount - self.amount_of(self.quantity - self.cancelled)

    def price_instead(self, item: Item, *, currency: str) -> Decimal:
        """What a unit of `item` costs in the place of one of these: never more. `currency` is the order's."""
        return min(self.price, item.price) if item.currency == currency else self.price

    def amount_of(self, units: int) -> Decimal:
        """What that many of its units cost. Of the cents that are left over each bundle has as many as any other."""
        bundles, single = divmod(units, self.per_bundle or 1)
        rest_of_one = Decimal(self.price_rest) / (self.quantity // (self.per_bundle or 1))
        return self.price * units + rest_of_one * bundles + min(rest_of_one, single * CENT)


class Fulfillment(models.Model):
    """The part of an order that one store fulfills."""

    class State(models.TextChoices):
        ALLOCATED = "allocated", _("Allocated")
        PICKING = "picking", _("Picking")
        PICKED = "picked", _("Picked")
        STAGED = "staged", _("Ready")
        HANDED_OVER = "handed_over", _("Handed over")
        EXPIRED = "expired", _("Not collected")
        CANCELLED = "cancelled", _("Cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.ALLOCATED: {State.PICKING, State.CANCELLED},
        State.PICKING: {State.PICKED, State.CANCELLED},
        State.PICKED: {State.STAGED, State.CANCELLED},
        # Back to picked: a staging that is undone.
        State.STAGED: {State.PICKED, State.HANDED_OVER, State.EXPIRED, State.CANCELLED},
    }
    OPEN = (State.ALLOCATED, State.PICKING, State.PICKED, State.STAGED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="fulfillments")
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="fulfillments", db_index=False)
    state = models.CharField(max_length=12, choices=State, default=State.ALLOCATED)
    promised_at = models.DateTimeField(help_text=_("When the customer was told it will be ready."))
    created_at = models.DateTimeField(db_default=Now())
    picked_at = models.DateTimeField(null=True, blank=True)
    staged_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "state", "promised_at"], name="fulfillment_store_state")]
        constraints = [models.UniqueConstraint(fields=["id", "store"], name="fulfillment_id_store_unique")]

    def __str__(self) -> str:
        return f"{self.order_id} at {self.store_id}"


class FulfillmentLine(models.Model):
    """Counts what became of the promised units. Each step is within the one before it, held by CHECK."""

    fulfillment = models.ForeignKey(Fulfillment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="fulfillment_lines")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    reservation = models.OneToOneField("stock.Reservation", models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    # Units nobody wants any more, picked or not: the order, or this much of it, was cancelled. What was picked of them
    # is no longer counted in `picked`: it goes back to the shelf.
    cancelled = models.PositiveIntegerField(default=0, db_default=0)
    # The last move of the item in the store when units fell short: what was brought there since may be asked for again.
    short_after = models.BigIntegerField(null=True, blank=True)
    staged = models.PositiveIntegerField(default=0)
    handed_over = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fulfillmentline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("short") + F("cancelled")),
                name="fulfillmentline_picked_within_reserved",
            ),
            models.CheckConstraint(condition=Q(staged__lte=F("picked")), name="fulfillmentline_staged_within_picked"),
            models.CheckConstraint(
                condition=Q(handed_over__lte=F("staged")), name="fulfillmentline_handed_over_within_staged"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id}"

    @property
    def wanted(self) -> int:
        """Units that are still to reach the customer, or have."""
        return self.quantity - self.short - self.cancelled
