"""What the API takes and tells. Limits on everything."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.orders.actions.place_order import ContactData
from stores.orders.models import Order
from stores.sync.incoming import IncomingLine, IncomingOrder

LINES_MAX = 100
QUANTITY_MAX = 9_999
AHEAD_MAX = timedelta(days=1)  # Clocks differ; a whole day ahead is a mistake.

Data = dict[str, Any]


class CustomerSerializer(serializers.Serializer[Data]):
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, default="en")


class DestinationSerializer(serializers.Serializer[Data]):
    """Where the customer is, in degrees: for orders that name no pickup store."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)


class LineSerializer(serializers.Serializer[Data]):
    sku = serializers.CharField(max_length=100, help_text="Your code for the item, or ours.")
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, help_text="Whole units.")
    price = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, help_text="For one unit.")


class OrderRequestSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(max_length=100, help_text="Your id of the order; the same id is one order.")
    number = serializers.CharField(max_length=40, help_text="What the customer was told.")
    method = serializers.ChoiceField(choices=Order.Method.choices, default=Order.Method.COUNTER)
    pickup_store = serializers.CharField(
        max_length=100, required=False, help_text="Your code for the store, or ours. Without it the nearest is chosen."
    )
    customer = CustomerSerializer(required=False)
    destination = DestinationSerializer(required=False)
    lines = serializers.ListField(child=LineSerializer(), min_length=1, max_length=LINES_MAX)
    currency = serializers.CharField(validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters."))])
    placed_at = serializers.DateTimeField(required=False, help_text="With its zone. Now, when you leave it out.")

    def validate_placed_at(self, value: Any) -> Any:
        if value > timezone.now() + AHEAD_MAX:
            raise serializers.ValidationError(_("This lies in the future."))
        return value


class OrderSearchSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(max_length=100, help_text="Your id of the order.")


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
        latitude=destination.get("latitude"),
        longitude=destination.get("longitude"),
    )


class OrderLineStatusSerializer(serializers.Serializer[Data]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    allocated = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=10, decimal_places=2)


class FulfillmentStatusSerializer(serializers.Serializer[Data]):
    id = serializers.IntegerField()
    store = serializers.CharField()
    state = serializers.CharField()
    promised_at = serializers.DateTimeField()
    staged_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class OrderStatusSerializer(serializers.Serializer[Data]):
    """How far an order is. No personal data: you have it already."""

    id = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # A field here, not where a field's value comes from.
    external_id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=Order.State.choices)
    method = serializers.ChoiceField(choices=Order.Method.choices)
    pickup_store = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    placed_at = serializers.DateTimeField()
    lines = OrderLineStatusSerializer(many=True)
    fulfillments = FulfillmentStatusSerializer(many=True)
