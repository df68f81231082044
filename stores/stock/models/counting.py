"""What somebody must count: a bin whose record has been caught wrong."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CountRequest(models.Model):
    """Asks for one item in one bin to be counted. Until it is answered, `held` units of it cannot be promised.

    They lie in the record as quarantined, in the bin itself, so nobody is sent there for them.
    """

    class Reason(models.TextChoices):
        NOT_FOUND = "not_found", _("Not there when it was to be picked")
        WRONG_ITEM = "wrong_item", _("Another item lay there")
        SOLD = "sold", _("Sold at the till, and not in the record")
        ASKED = "asked", _("Asked for by a lead")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Counted")

    NEXT: ClassVar[dict[str, set[str]]] = {State.OPEN: {State.ANSWERED}}

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="count_requests", db_index=False)
    bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="count_requests")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    held = models.PositiveIntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    counted = models.PositiveIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["opened_at", "pk"]
        indexes = [
            models.Index(fields=["store", "opened_at"], condition=Q(state="open"), name="countrequest_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bin", "item"], condition=Q(state="open"), name="countrequest_one_open_per_bin_and_item"
            ),
            models.CheckConstraint(
                condition=Q(state="open", counted__isnull=True, answered_at__isnull=True)
                | Q(state="answered", counted__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
                name="countrequest_answered_with_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.bin_id}: {self.state}"
