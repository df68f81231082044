"""The shapes of questions about availability and of their answers, as the document tells them.

Requests are checked in `availability_request` and answers are made by hand: a thousand pairs through fields of a
serializer would take longer than finding them.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.stock.queries.promised_at import Status
from stores.sync.api.availability.request import CODE_LENGTH_MAX, PAIRS_MAX
from stores.sync.api.serializers import Data

STATUSES = [
    (Status.OK, _("The store carries it.")),
    (Status.UNKNOWN_STORE, _("No such store, or not one that this key speaks for.")),
    (Status.UNKNOWN_SKU, _("No such item.")),
    (Status.NOT_SELLABLE, _("The item is not for sale, or one that the bundle consists of is not.")),
    (Status.NOT_CARRIED, _("The store has never had it.")),
]


class PairSerializer(serializers.Serializer[Data]):
    store = serializers.CharField(max_length=CODE_LENGTH_MAX, help_text=_("Your code for the store, or ours."))
    sku = serializers.CharField(max_length=CODE_LENGTH_MAX, help_text=_("Your code for the item, or ours."))


class NearSerializer(serializers.Serializer[Data]):
    latitude = serializers.FloatField(min_value=-90, max_value=90, help_text=_("In degrees; north is positive."))
    longitude = serializers.FloatField(min_value=-180, max_value=180, help_text=_("In degrees; east is positive."))


class AvailabilityQuestionSerializer(serializers.Serializer[Data]):
    """Pairs; or stores and SKUs, each with each; or one SKU alone, for every store."""

    pairs = serializers.ListField(
        child=PairSerializer(), required=False, min_length=1, max_length=PAIRS_MAX, help_text=_("What to look up.")
    )
    store = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH_MAX),
        required=False,
        min_length=1,
        max_length=PAIRS_MAX,
        help_text=_("Codes of stores, each asked about every `sku`."),
    )
    sku = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH_MAX),
        required=False,
        min_length=1,
        max_length=PAIRS_MAX,
        help_text=_("Codes of items. One without `store` is looked up in every store."),
    )
    near = NearSerializer(required=False, help_text=_("With one SKU in every store: the nearest first."))
    channel = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=CODE_LENGTH_MAX,
        help_text=_("See what this channel sees; only for keys without a channel of their own."),
    )


class UnitsSerializer(serializers.Serializer[Data]):
    status = serializers.ChoiceField(choices=STATUSES, help_text=_("Whether there is an answer."))
    atp = serializers.IntegerField(
        help_text=_("Units that can be promised now; of a bundle, as many as its scarcest component is enough for.")
    )
    sellable = serializers.BooleanField(help_text=_("Whether the item is for sale at all."))
    on_hand = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text=_("Units in the building. This and the next three are not told to channels; a bundle has none."),
    )
    reserved = serializers.IntegerField(required=False, allow_null=True, help_text=_("Promised to orders and carts."))
    unsellable = serializers.IntegerField(
        required=False, allow_null=True, help_text=_("Damaged, on display and so on.")
    )
    safety_stock = serializers.IntegerField(required=False, allow_null=True, help_text=_("Kept back from everybody."))


class StoreAvailabilitySerializer(UnitsSerializer):
    store = serializers.CharField(help_text=_("As you asked; our code when you asked for every store."))
    sku = serializers.CharField(help_text=_("As you asked."))
    store_codes = serializers.ListField(
        child=serializers.CharField(), required=False, help_text=_("Your own codes for the store, if any.")
    )
    distance_km = serializers.FloatField(required=False, help_text=_("From `near`, as the crow flies."))


class AvailabilitySerializer(serializers.Serializer[Data]):
    """One entry for each pair, in the order asked; a pair asked twice is answered twice."""

    channel = serializers.CharField(allow_null=True, help_text=_("Whose view it is; null: all there is."))
    availability = StoreAvailabilitySerializer(many=True, help_text=_("The answers."))


class ChangeSerializer(UnitsSerializer):
    store = serializers.CharField(help_text=_("Our code for the store."))
    sku = serializers.CharField(help_text=_("Our code for the item."))
    store_codes = serializers.ListField(
        child=serializers.CharField(), help_text=_("Your own codes for the store, if any.")
    )
    sku_codes = serializers.ListField(
        child=serializers.CharField(), help_text=_("Your own codes for the item, if any.")
    )


class AvailabilityChangesSerializer(serializers.Serializer[Data]):
    """Pairs of store and item with what can be promised now. Whatever never came can promise nothing."""

    channel = serializers.CharField(allow_null=True, help_text=_("Whose view it is; null: all there is."))
    changes = ChangeSerializer(
        many=True, help_text=_("Each pair once, as it stands now; the same pair may come again at any time.")
    )
    next = serializers.CharField(help_text=_("The cursor to send as `after`. Keep it with what you have applied."))
    more = serializers.BooleanField(help_text=_("Whether to ask again at once."))
    poll_seconds = serializers.IntegerField(help_text=_("How long to wait before asking again."))
    behind_seconds = serializers.IntegerField(
        help_text=_(
            "How long the oldest unfinished write has been running. What was written since is told once it has ended; "
            "0 or a few seconds as a rule."
        )
    )
