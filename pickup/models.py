"""From the picker's tote to the customer's hands."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StagedTote(models.Model):
    """One bag: goods of one fulfillment lying in one staging bin, and the tote they came in."""

    fulfillment = models.ForeignKey("orders.Fulfillment", models.PROTECT, related_name="staged_totes", db_index=False)
    tote = models.ForeignKey("stores.Bin", models.PROTECT, related_name="+")
    bin = models.ForeignKey("stores.Bin", models.PROTECT, related_name="staged_totes")
    bag = models.PositiveSmallIntegerField(default=1, db_default=1, help_text=_("Its number within the fulfillment."))
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    staged_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True, blank=True, help_text=_("When its label was scanned to hand it over."))
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["fulfillment_id", "bag"]
        indexes = [models.Index(fields=["bin"], condition=Q(left_at__isnull=True), name="stagedtote_lying")]
        constraints = [models.UniqueConstraint(fields=["fulfillment", "bag"], name="stagedtote_fulfillment_bag_unique")]

    def __str__(self) -> str:
        return f"fulfillment {self.fulfillment_id} in {self.bin_id}"


class StagedUnit(models.Model):
    """How many units of a line lie in which staging bin: what the handover takes from there."""

    staged_tote = models.ForeignKey(StagedTote, models.CASCADE, related_name="units", db_index=False)
    fulfillment_line = models.ForeignKey("orders.FulfillmentLine", models.PROTECT, related_name="staged_units")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staged_tote", "fulfillment_line"], name="stagedunit_tote_line_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="stagedunit_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.fulfillment_line_id}"


class CustomerLink(models.Model):
    """The customer's page: reached by 128 random bits, guarded at the counter by a code."""

    fulfillment = models.OneToOneField("orders.Fulfillment", models.CASCADE, related_name="customer_link")
    token = models.CharField(max_length=32, unique=True)
    code = models.CharField(max_length=8, help_text=_("What the customer says or shows at the handover."))
    code_misses = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link of fulfillment {self.fulfillment_id}"


class Arrival(models.Model):
    """A customer on the way, here, or being served."""

    class State(models.TextChoices):
        ON_THE_WAY = "on_the_way", _("On the way")
        HERE = "here", _("Here")
        SERVED = "served", _("Served")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.ON_THE_WAY: {State.HERE, State.SERVED},
        State.HERE: {State.SERVED},
    }

    class Place(models.TextChoices):
        COUNTER = "counter", _("Counter")
        CURBSIDE = "curbside", _("Curbside")

    fulfillment = models.OneToOneField("orders.Fulfillment", models.CASCADE, related_name="arrival")
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="arrivals")
    state = models.CharField(max_length=10, choices=State)
    place = models.CharField(max_length=8, choices=Place, default=Place.COUNTER)
    bay = models.CharField(max_length=10, blank=True)
    car = models.CharField(max_length=60, blank=True)
    eta_at = models.DateTimeField(null=True, blank=True)
    on_the_way_at = models.DateTimeField(null=True, blank=True)
    here_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["store", "here_at"], condition=Q(ended_at__isnull=True), name="arrival_open"),
        ]

    def __str__(self) -> str:
        return f"{self.state} for fulfillment {self.fulfillment_id}"


class Handover(models.Model):
    """The proof that the goods go to the right person: made when that is shown, complete when they have gone."""

    class Proof(models.TextChoices):
        CODE = "code", _("Pickup code")
        LEAD = "lead", _("A lead checked their identity")

    fulfillment = models.OneToOneField("orders.Fulfillment", models.PROTECT, related_name="handover")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proof = models.CharField(max_length=8, choices=Proof)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    identity_checked_at = models.DateTimeField(db_default=Now())
    age_checked_at = models.DateTimeField(null=True, blank=True, help_text=_("When an ID was looked at."))
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proof="code") | (Q(approved_by__isnull=False) & ~Q(reason="")),
                name="handover_override_has_lead_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"handover of fulfillment {self.fulfillment_id}"
