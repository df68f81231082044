"""What must be written down of a unit when it is picked."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class PickCapture(models.Model):
    """Serial number, weight, lot and expiry of what one scan put into the tote; what the item does not ask is empty."""

    pick_line = models.ForeignKey("picking.PickLine", models.PROTECT, related_name="captures")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    # The key of the move that put it into the tote: an undone pick takes its capture with it.
    key = models.CharField(max_length=100, unique=True)
    quantity = models.PositiveIntegerField(default=1)
    serial = models.CharField(max_length=40, blank=True, default="")
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    lot = models.CharField(max_length=40, blank=True, default="")
    expiry = models.DateField(null=True, blank=True)
    captured_at = models.DateTimeField(db_default=Now())
    # Undone, or put back on the shelf: the serial number may be picked again.
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "serial"],
                condition=~Q(serial="") & Q(voided_at__isnull=True),
                name="pickcapture_serial_picked_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pickcapture_quantity_positive"),
            models.CheckConstraint(condition=Q(serial="") | Q(quantity=1), name="pickcapture_one_unit_for_a_serial"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.pick_line_id}"
