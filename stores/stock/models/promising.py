"""What is promised: to whom, for how long, and how much of it each channel may see."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """A way customers buy. It sees less than there is by what is kept back from it, and holds for its own time."""

    code = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    kept_back = models.PositiveSmallIntegerField(
        default=0, help_text=_("Units of each item in each store that this channel never sees.")
    )
    hold_minutes = models.PositiveSmallIntegerField(default=15, help_text=_("How long a cart is held."))
    hold_minutes_max = models.PositiveSmallIntegerField(
        default=60, help_text=_("How long it may be held in all, extensions included.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(hold_minutes__gte=1), name="channel_hold_minutes_positive"),
            models.CheckConstraint(
                condition=Q(hold_minutes_max__gte=F("hold_minutes")), name="channel_hold_within_max"
            ),
        ]

    def __str__(self) -> str:
        return self.name


CART_NAME_LENGTH_MAX = 10
CART_NAME_END = 6


class Cart(models.Model):
    """What somebody is about to buy, held for a short time. It ends with its reservations.

    Held again after that, it begins anew, with a time limit of its own.
    """

    source = models.CharField(max_length=100, help_text=_("The system it came from."))
    external_id = models.CharField(max_length=100)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="carts")
    created_at = models.DateTimeField(db_default=Now())
    # The channel's longest hold from the first one on, as the channel was then: a later change is for later carts.
    expires_at_max = models.DateTimeField(db_default=Now(), help_text=_("However often it is extended."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="cart_source_external_unique")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"

    @staticmethod
    def short_name(external_id: str) -> str:
        """What people call it: shops name their carts by long tokens, of which the end tells them apart."""
        return external_id if len(external_id) <= CART_NAME_LENGTH_MAX else external_id[-CART_NAME_END:]


class CartLine(models.Model):
    """What was put into the cart, in the words of whoever filled it: a bundle stands here as itself."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", db_index=False)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="+")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "store", "item"], name="cartline_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="cartline_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} at {self.store_id}"


class Reservation(models.Model):
    """A claim on sellable stock of one store, until the goods leave the building. It ends exactly once."""

    class State(models.TextChoices):
        HELD = "held", _("Held")
        CONSUMED = "consumed", _("Consumed")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.HELD: {State.CONSUMED, State.RELEASED, State.EXPIRED},
    }

    key = models.CharField(max_length=100, unique=True)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="reservations", db_index=False)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="reservations", db_index=False)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    reference = models.CharField(max_length=64, help_text=_("The document it is held for."))
    cart = models.ForeignKey(Cart, models.PROTECT, null=True, blank=True, related_name="reservations")
    end_reason = models.CharField(max_length=32, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["store", "item"], condition=Q(state="held"), name="reservation_held"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_expiring"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=True) | (~Q(state="held") & Q(ended_at__isnull=False)),
                name="reservation_ended_iff_not_held",
            ),
            # A shop that goes silent must not keep stock from everybody else.
            models.CheckConstraint(
                condition=Q(cart__isnull=True) | Q(expires_at__isnull=False), name="reservation_of_a_cart_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} {self.state}"
