"""Why orders, and units of them, are wanted no more. Codes: they reach the journal and other systems."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CancelReason(models.TextChoices):
    """Why somebody cancels."""

    CUSTOMER = "customer", _("The customer cancelled it")
    STOCK = "stock", _("Out of stock")
    PAYMENT = "payment", _("It was not paid")
    FRAUD = "fraud", _("It looks like fraud")
    OTHER = "other", _("Another reason")


class Withdrawn(models.TextChoices):
    """What became of units that a store was to give, or has in its totes already."""

    CANCELLED = "cancelled", _("Order cancelled")
    CHANGED = "changed", _("Customer changed the order")
    REFUSED = "refused", _("Customer refused the substitute")
    UNDERAGE = "underage", _("Customer is not old enough")
