"""What looks like one thing twice, and is not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from stores.catalog.models.items import Item


class KnownDifferent(models.Model):
    """Somebody has looked at two items and said that they are two things."""

    first = models.ForeignKey(Item, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Item, models.CASCADE, related_name="+")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("first", "second", name="knowndifferent_pair_unique"),
            # One row for a pair, whichever of the two somebody looked at.
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="knowndifferent_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
