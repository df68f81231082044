"""What the API takes when an order is to be less, or nothing. Limits on everything."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.orders.reasons import CancelReason
from stores.sync.api.serializers import EXTERNAL_ID_LENGTH_MAX, LINES_MAX, QUANTITY_MAX, Data


class CancelRequestSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(max_length=EXTERNAL_ID_LENGTH_MAX, help_text=_("Your id of the order."))
    reason = serializers.ChoiceField(
        choices=CancelReason.choices, default=CancelReason.CUSTOMER, help_text=_("Why; kept for those who look.")
    )


class LineChangeSerializer(serializers.Serializer[Data]):
    line = serializers.CharField(
        max_length=EXTERNAL_ID_LENGTH_MAX, help_text=_("The line, as the order's status names it in `line`.")
    )
    quantity = serializers.IntegerField(
        min_value=0, max_value=QUANTITY_MAX, help_text=_("Units, or bundles, that are still wanted; 0 for none.")
    )


class ChangeRequestSerializer(serializers.Serializer[Data]):
    external_id = serializers.CharField(max_length=EXTERNAL_ID_LENGTH_MAX, help_text=_("Your id of the order."))
    reason = serializers.ChoiceField(
        choices=CancelReason.choices, default=CancelReason.CUSTOMER, help_text=_("Why; kept for those who look.")
    )
    lines = serializers.ListField(
        child=LineChangeSerializer(),
        min_length=1,
        max_length=LINES_MAX,
        help_text=_("The lines of which less is wanted; the others stay as they are."),
    )


class ParkedSerializer(serializers.Serializer[Data]):
    """The order is not here yet: what you said is kept, and applied once it comes."""

    external_id = serializers.CharField(help_text=_("Your id of the order."))
    state = serializers.ChoiceField(choices=[("parked", _("Waits for the order"))], help_text=_("What became of it."))
    message = serializers.IntegerField(help_text=_("Our number of what is kept."))
    until = serializers.DateTimeField(help_text=_("When it ends without effect if the order never comes."))
