"""What the API takes and tells. Limits on everything."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.orders.actions.place_order import ContactData
from stores.orders.models import Fulfillment, Order
from stores.sync.incoming import IncomingLine, IncomingOrder

EXTERNAL_ID_LENGTH_MAX = 100
LINES_MAX = 100
QUANTITY_MAX = 9_999
AHEAD_MAX = timedelta(days=1)  # Clocks differ; a whole day ahead is a mistake.

Data = dict[str, Any]


class CustomerSerializer(serializers.Serializer[Data]):
    """Who collects."""

    name = serializers.CharField(
        max_length=120,
        required=False,
        default="",
        allow_blank=True,
        help_text=_("Counter boards show it short: B. Norman."),
    )
    email = serializers.EmailField(
        max_length=254, required=False, default="", allow_blank=True, help_text=_("Where the ready message goes.")
    )
    phone = serializers.CharField(
        max_length=40, required=False, default="", allow_blank=True, help_text=_("Where the store can call them.")
    )
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default="en", help_text=_("Of the messages and the pickup page.")
    )


class DestinationSerializer(serializers.Serializer[Data]):
    """Where the customer is, in degrees: for orders that name no pickup store."""

    latitude = serializers.FloatField(min_value=-90, max_value=90, help_text=_("North is positive."))
    longitude = serializers.FloatField(min_value=-180, max_value=180, help_text=_("East is positive."))


class LineSerializer(serializers.Serializer[Data]):
    sku = serializers.CharField(max_length=100, help_text=_("Your code for the item or the bundle, or ours."))
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, help_text=_("Whole units."))
    price = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=0, help_text=_("For one unit; never below 0.")
    )


class OrderRequestSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(
        max_length=EXTERNAL_ID_LENGTH_MAX, help_text=_("Your id of the order; the same id is one order.")
    )
    number = serializers.CharField(max_length=40, help_text=_("What the customer was told."))
    method = serializers.ChoiceField(
        choices=Order.Method.choices,
        default=Order.Method.COUNTER,
        help_text=_("How the customer collects."),
        error_messages={
            "invalid_choice": format_lazy(_("It is one of: {methods}."), methods=", ".join(Order.Method.values))
        },
    )
    pickup_store = serializers.CharField(
        max_length=100,
        required=False,
        help_text=_("Your code for the store, or ours. Without it the nearest is chosen."),
    )
    cart = serializers.CharField(
        max_length=100,
        required=False,
        help_text=_("Your id of the cart it comes from: what is still held for that cart is the order's at once."),
    )
    customer = CustomerSerializer(required=False)
    destination = DestinationSerializer(required=False)
    express = serializers.BooleanField(required=False, default=False, help_text=_("Picked before all others."))
    allow_substitutes = serializers.BooleanField(
        required=False,
        default=False,
        help_text=_("Whether the customer takes something like it, at no higher price, for what is not there."),
    )
    lines = serializers.ListField(
        child=LineSerializer(), min_length=1, max_length=LINES_MAX, help_text=_("What is wanted, a line for each item.")
    )
    currency = serializers.CharField(
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters."))],
        help_text=_("Of every price, by its ISO 4217 code."),
    )
    placed_at = serializers.DateTimeField(required=False, help_text=_("With its zone. Now, when you leave it out."))

    def validate_placed_at(self, value: Any) -> Any:
        if value > timezone.now() + AHEAD_MAX:
            raise serializers.ValidationError(_("This lies in the future."))
        return value


class OrderSearchSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(max_length=EXTERNAL_ID_LENGTH_MAX)


def incoming_order(data: Data, *, source: str, store_code: str) -> IncomingOrder:
    """From validated data (also as stored and validated again)."""
    destination = data.get("destination") or {}
    return IncomingOrder(
        source=source,
        external_id=data["external_id"],
        number=data["number"],
        method=Order.Method(data["method"]),
        lines=tuple(
            IncomingLine(code=line["sku"], quantity=line["quantity"], price=line["price"], external_id=str(position))
            for position, line in enumerate(data["lines"], start=1)
        ),
        contact=ContactData(**(data.get("customer") or {})),
        currency=data["currency"],
        placed_at=data.get("placed_at") or timezone.now(),
        store_code=store_code,
        cart=data.get("cart", ""),
        latitude=destination.get("latitude"),
        longitude=destination.get("longitude"),
        is_express=data["express"],
        allows_substitutes=data["allow_substitutes"],
    )


class OrderLineStatusSerializer(serializers.Serializer[Data]):
    line = serializers.CharField(help_text=_("Its place in the order as you sent it, from 1: changes name it by this."))
    sku = serializers.CharField(help_text=_("Our code for the item."))
    quantity = serializers.IntegerField(help_text=_("Units ordered."))
    allocated = serializers.IntegerField(help_text=_("Units that a store has promised."))
    cancelled = serializers.IntegerField(
        help_text=_("Units that nobody wants any more, or has to give. What is neither is on backorder.")
    )
    price = serializers.DecimalField(max_digits=10, decimal_places=2, help_text=_("For one unit."))
    amount = serializers.DecimalField(
        max_digits=16,
        decimal_places=2,
        help_text=_("For all units. In a bundle, cents that its price leaves over are in it as well."),
    )
    cancelled_amount = serializers.DecimalField(
        max_digits=16, decimal_places=2, help_text=_("What of the amount is not to be paid, to the cent.")
    )
    bundle = serializers.IntegerField(
        allow_null=True, help_text=_("The id of the bundle it is a part of; null when it was ordered by itself.")
    )
    substitute_for = serializers.CharField(
        allow_null=True,
        help_text=_("Our code for the item it is given instead of; as many units of that are cancelled."),
    )


class OrderBundleStatusSerializer(serializers.Serializer[Data]):
    id = serializers.IntegerField(help_text=_("Our number of it; its lines name it."))
    line = serializers.CharField(help_text=_("Its place in the order as you sent it, from 1."))
    sku = serializers.CharField(help_text=_("Our code for the bundle."))
    quantity = serializers.IntegerField(help_text=_("Bundles ordered."))
    allocated = serializers.IntegerField(help_text=_("Bundles of which every part is promised."))
    cancelled = serializers.IntegerField(help_text=_("Bundles of which a part was given up."))
    price = serializers.DecimalField(
        max_digits=10, decimal_places=2, help_text=_("For one bundle; its lines have a share each.")
    )


class FulfillmentStatusSerializer(serializers.Serializer[Data]):
    id = serializers.IntegerField(help_text=_("Our number of it."))
    store = serializers.CharField(help_text=_("The code of the store that fulfills it."))
    state = serializers.ChoiceField(choices=Fulfillment.State.choices, help_text=_("How far it is."))
    promised_at = serializers.DateTimeField(help_text=_("When it is to be ready."))
    staged_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was ready for the customer."))
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text=_("When it was handed over, cancelled or put back.")
    )


class OrderCartSerializer(serializers.Serializer[Data]):
    id = serializers.CharField(help_text=_("Your id of the cart."))
    hold = serializers.ChoiceField(
        choices=[
            ("given", _("The order has what was held")),
            ("unused", _("The store that has the order could do without it; it was released")),
            ("expired", _("The hold had run out")),
            ("released", _("It had been released")),
            ("ordered", _("Another order had it")),
            ("unknown", _("There is no such cart")),
        ],
        help_text=_("What became of its hold; without one the order was routed like any other."),
    )


class OrderStatusSerializer(serializers.Serializer[Data]):
    """How far an order is. No personal data: you have it already."""

    id = serializers.IntegerField(help_text=_("Our number of the order."))
    source = serializers.CharField(  # type: ignore[assignment]  # A field here, not where a field's value comes from.
        help_text=_("The system it came from: yours.")
    )
    external_id = serializers.CharField(help_text=_("Your id of the order."))
    number = serializers.CharField(help_text=_("What the customer was told."))
    state = serializers.ChoiceField(choices=Order.State.choices, help_text=_("How far it is."))
    method = serializers.ChoiceField(choices=Order.Method.choices, help_text=_("How the customer collects."))
    express = serializers.BooleanField(help_text=_("Picked before all others."))
    allow_substitutes = serializers.BooleanField(help_text=_("Whether the customer takes something like it."))
    pickup_store = serializers.CharField(
        allow_null=True, help_text=_("The code of the store the customer goes to; null while none is chosen.")
    )
    currency = serializers.CharField(help_text=_("Of every price, by its ISO 4217 code."))
    placed_at = serializers.DateTimeField(help_text=_("By your clock."))
    lines = OrderLineStatusSerializer(
        many=True, help_text=_("What is wanted, a line for each item. A bundle has a line for each of its parts.")
    )
    bundles = OrderBundleStatusSerializer(many=True, help_text=_("The bundles among what is wanted, whole."))
    fulfillments = FulfillmentStatusSerializer(
        many=True, help_text=_("Which store has which part; none while all of it is on backorder.")
    )
    cart = OrderCartSerializer(
        required=False, help_text=_("Only in the answer to placing an order that names its cart.")
    )
