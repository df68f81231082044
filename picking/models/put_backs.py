"""Picked goods that nobody wants any more: they go back to a shelf, and until then they are promised to nobody."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PutBack(models.Model):
    """Units of one item that lie in a tote or a staging bin and belong on a shelf. Ends by scans alone.

    Its own reservation keeps the units from being promised while they lie where no picker is sent.
    """

    class Reason(models.TextChoices):
        ORDER_CANCELLED = "cancelled", _("Order cancelled")
        ORDER_CHANGED = "changed", _("Customer changed the order")
        SUBSTITUTE_REFUSED = "refused", _("Customer refused the substitute")
        UNDERAGE = "underage", _("Customer is not old enough")
        NOT_COLLECTED = "expired", _("Not collected")

    class State(models.TextChoices):
        OPEN = "open", _("To put back")
        DONE = "done", _("Put back")

    # Open again: the last one was undone.
    NEXT: ClassVar[dict[str, set[str]]] = {State.OPEN: {State.DONE}, State.DONE: {State.OPEN}}

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="put_backs", db_index=False)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    fulfillment_line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, related_name="put_backs")
    reservation = models.OneToOneField("stock.Reservation", models.PROTECT, related_name="+")
    from_bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="put_backs")
    # Where the units were taken from; any shelf will do.
    to_bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField()
    put = models.PositiveIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=9, choices=Reason)
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["store", "created_at"], condition=Q(state="open"), name="putback_open"),
            models.Index(fields=["from_bin", "item"], condition=Q(state="open"), name="putback_open_from"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="putback_quantity_positive"),
            models.CheckConstraint(condition=Q(put__lte=F("quantity")), name="putback_put_within_quantity"),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True, put__lt=F("quantity"))
                | Q(state="done", done_at__isnull=False, done_by__isnull=False, put=F("quantity")),
                name="putback_done_iff_all_is_put",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item_id} from {self.from_bin_id}: {self.state}"

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.put
