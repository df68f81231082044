"""Units a picker, a till or a finding took from a promise, and the road back each of them took."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Shortage(models.Model):
    """`quantity` units of a line that were not to be had. It ends by the first road that leads somewhere."""

    class Reason(models.TextChoices):
        NOT_FOUND = "not_found", _("Not there")
        DAMAGED = "damaged", _("Damaged")
        WRONG_ITEM = "wrong_item", _("Another item lies there")
        SOLD = "sold", _("Sold at the till")

    class End(models.TextChoices):
        BIN = "bin", _("Another bin of the store")
        STORE = "store", _("Another store")
        SUBSTITUTE = "substitute", _("Substitute")
        CANCELLED = "cancelled", _("Cancelled")
        BACKORDER = "backorder", _("Waits for stock")

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="shortages", db_index=False)
    fulfillment_line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, related_name="shortages")
    # None when it happened to an order that no picker had yet.
    pick_line = models.ForeignKey("picking.PickLine", models.PROTECT, null=True, blank=True, related_name="shortages")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    count_request = models.ForeignKey(
        "stock.CountRequest", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    end = models.CharField(max_length=10, choices=End, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shortage_quantity_positive"),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True) | (~Q(end="") & Q(ended_at__isnull=False)),
                name="shortage_ended_iff_it_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.fulfillment_line_id}: {self.end or 'open'}"
