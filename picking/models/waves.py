"""When work is released to the pickers, and in which shape."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    SINGLE = "single", _("Single order")
    BATCH = "batch", _("Batch")
    ZONE = "zone", _("Zone")


class PickPlan(models.Model):
    """How one store works: what releases a wave, how large it may be, and how long a silent picker keeps a list.

    Without one a store works by the defaults: every order is released at once, on a list of its own. Each of the three
    triggers is off while it is empty; a wave by hand is always possible, and express orders never wait for one.
    """

    class WhenGone(models.TextChoices):
        """Units that no bin, no other store and no substitute makes up for."""

        CANCEL = "cancel", _("Cancel it and tell the customer")
        WAIT = "wait", _("Wait for stock")

    store = models.OneToOneField("stores.Store", models.CASCADE, related_name="pick_plan")
    at_once = models.BooleanField(_("release each order at once"), default=True)
    every_minutes = models.PositiveSmallIntegerField(_("every so many minutes"), null=True, blank=True)
    at_orders = models.PositiveSmallIntegerField(_("when so many orders wait"), null=True, blank=True)
    before_promise_minutes = models.PositiveSmallIntegerField(
        _("so many minutes before the promise"), null=True, blank=True
    )
    # Empty: the app proposes what fits the open work.
    method = models.CharField(_("method"), max_length=6, choices=Method, blank=True)
    wave_orders_max = models.PositiveSmallIntegerField(_("orders in one wave"), default=24)
    batch_orders_max = models.PositiveSmallIntegerField(_("totes on one cart"), default=6)
    claim_minutes = models.PositiveSmallIntegerField(_("minutes a silent picker keeps a list"), default=15)
    break_minutes = models.PositiveSmallIntegerField(_("minutes a break may last"), default=45)

    when_gone = models.CharField(_("what nobody has any more"), max_length=6, choices=WhenGone, default=WhenGone.CANCEL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wave_orders_max__gte=1, batch_orders_max__gte=1, claim_minutes__gte=1, break_minutes__gte=1)
                & (Q(every_minutes__isnull=True) | Q(every_minutes__gte=1))
                & (Q(at_orders__isnull=True) | Q(at_orders__gte=1)),
                name="pickplan_numbers_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"plan of store {self.store_id}"


class Wave(models.Model):
    """Orders released to the pickers together."""

    class Trigger(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        TIME = "time", _("Time")
        COUNT = "count", _("Number of orders")
        PROMISE = "promise", _("Promise near")
        HAND = "hand", _("By hand")
        EXPRESS = "express", _("Express")

    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="waves", db_index=False)
    trigger = models.CharField(max_length=8, choices=Trigger)
    method = models.CharField(max_length=6, choices=Method)
    released_at = models.DateTimeField(db_default=Now())
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["store", "released_at"], name="wave_store_released")]
        constraints = [models.UniqueConstraint(fields=["id", "store"], name="wave_id_store_unique")]

    def __str__(self) -> str:
        return f"{self.pk}"
