"""Stock in an associate's hands: from the first scan of a task to the scan that ends it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.stock.models.ledger import Condition


class StockTask(models.Model):
    """What one associate is doing with stock now: where from, which item, how many so far.

    Nothing has moved until the last scan; the units in hand are still where they were taken from.
    """

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("Receive")
        PUT_AWAY = "put_away", _("Put away")
        MOVE = "move", _("Move")
        REPLENISH = "replenish", _("Replenish")
        DAMAGE = "damage", _("Mark damaged")
        DISPLAY = "display", _("Put on display")
        QUARANTINE = "quarantine", _("Quarantine")
        RELEASE = "release", _("Release for sale")
        WRITE_OFF = "write_off", _("Write off")
        FIND = "find", _("Add what was found")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {State.OPEN: {State.DONE, State.CANCELLED}}

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="stock_tasks")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    source_bin = models.ForeignKey("stores.Bin", models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey("catalog.Item", models.PROTECT, null=True, blank=True, related_name="+")
    condition = models.CharField(max_length=13, choices=Condition, default=Condition.SELLABLE)
    quantity = models.PositiveIntegerField(default=0)
    # The delivery that is received, or why goods are written off.
    reference = models.CharField(max_length=64, blank=True, default="", db_default="")
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "associate"], condition=Q(state="open"), name="stocktask_one_open_for_each"
            ),
            models.CheckConstraint(
                condition=Q(quantity=0) | Q(item__isnull=False), name="stocktask_units_are_of_an_item"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="stocktask_ended_iff_not_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
