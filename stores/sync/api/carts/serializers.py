"""What the API takes and tells of carts. Limits on everything."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.stock.queries.carts import Hold
from stores.sync.api.serializers import LINES_MAX, QUANTITY_MAX, Data

# What stands in an address as it is.
CART_ID = r"[A-Za-z0-9][A-Za-z0-9._~:=-]{0,99}"


class CartLineSerializer(serializers.Serializer[Data]):
    sku = serializers.CharField(max_length=100, help_text=_("Your code for the item, or ours. A bundle is one line."))
    store = serializers.CharField(
        max_length=100,
        required=False,
        help_text=_("Your code for the store, or ours. Only a key of one store may leave it out."),
    )
    quantity = serializers.IntegerField(min_value=1, max_value=QUANTITY_MAX, help_text=_("Whole units."))


class CartRequestSerializer(serializers.Serializer[Data]):
    lines = serializers.ListField(
        child=CartLineSerializer(),
        min_length=1,
        max_length=LINES_MAX,
        help_text=_("All that the cart holds from now on; what is not among them is given back."),
    )


class HeldLineSerializer(serializers.Serializer[Data]):
    sku = serializers.CharField(help_text=_("Our code for the item."))
    store = serializers.CharField(help_text=_("Our code for the store."))
    quantity = serializers.IntegerField(help_text=_("Units held."))


class CartStatusSerializer(serializers.Serializer[Data]):
    """How a cart stands. Stock is held for it while `hold` is `held`, and not a second longer."""

    id = serializers.CharField(help_text=_("Your id of the cart."))
    channel = serializers.CharField(help_text=_("The code of the channel it is held for."))
    hold = serializers.ChoiceField(
        choices=[(hold.value, hold.label) for hold in Hold],
        help_text=_("Whether it is held, or how that ended."),
    )
    expires_at = serializers.DateTimeField(help_text=_("When the hold ends by our clock, or would have ended."))
    expires_at_max = serializers.DateTimeField(help_text=_("However often it is extended or changed."))
    seconds_left = serializers.IntegerField(min_value=0, help_text=_("Whole seconds; 0 once the hold is over."))
    lines = HeldLineSerializer(many=True, help_text=_("What is or was held, a line for each item of a store."))
