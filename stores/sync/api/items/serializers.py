"""An item as the API tells and takes it. What a field may hold is `catalog.fields`' business; here are its limits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from stores.catalog.actions.set_substitutes import SUBSTITUTES_MAX
from stores.catalog.fields import EDITABLE_FIELDS, LENGTH_MM_MAX, PACK_COUNT_MAX, WEIGHT_G_MAX
from stores.catalog.models import ImportLine, Item, System
from stores.sync.api.serializers import Data

OUTCOMES = [
    ("changed", _("It was otherwise, and is now as you say.")),
    ("unchanged", _("It is so already.")),
    ("waits", _("It is as before; a person here looks at what you said.")),
]
REASONS = [
    (ImportLine.Reason.NOT_OWNER.value, _("The field belongs to another system.")),
    (ImportLine.Reason.INVALID.value, _("The value does not fit the item.")),
]
SKU_LENGTH_MAX = 100


def printable(text: str) -> None:
    if not text.isprintable():
        raise serializers.ValidationError(_("It holds signs that cannot be shown."))


class TextField(serializers.CharField):
    """One line."""

    def __init__(self, *, max_length: int, help_text: Any, allow_null: bool = False, allow_blank: bool = False) -> None:
        super().__init__(
            max_length=max_length,
            help_text=help_text,
            allow_null=allow_null,
            allow_blank=allow_blank,
            required=False,
            validators=[printable],
        )


class MeasureField(serializers.IntegerField):
    def __init__(self, *, max_value: int, help_text: Any) -> None:
        super().__init__(min_value=1, max_value=max_value, help_text=help_text, allow_null=True, required=False)


class ItemFieldsSerializer(serializers.Serializer[Data]):
    """What a system may say about an item."""

    name = TextField(max_length=120, help_text=_("What it is called."))
    price = serializers.DecimalField(
        max_digits=10,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        help_text=_("Of one unit; never below 0."),
    )
    currency = serializers.CharField(
        required=False,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters."))],
        help_text=_("Of the price, by its ISO 4217 code."),
    )
    category = TextField(max_length=40, allow_null=True, help_text=_("The code of a category that is here."))
    abc_class = serializers.ChoiceField(
        choices=Item.AbcClass.choices, allow_blank=True, required=False, help_text=_("How much it sells.")
    )
    style = TextField(  # type: ignore[assignment]  # A field here, how a form draws a field elsewhere.
        max_length=40, allow_null=True, help_text=_("The code of the style whose variant it is; null when of none.")
    )
    size = TextField(max_length=20, allow_blank=True, help_text=_("Such as XL."))
    color = TextField(max_length=40, allow_blank=True, help_text=_("Such as red."))
    pack_count = serializers.IntegerField(
        min_value=1, max_value=PACK_COUNT_MAX, required=False, help_text=_("Pieces in one unit: a set of six is 6.")
    )
    length_mm = MeasureField(max_value=LENGTH_MM_MAX, help_text=_("Its longest side, packed, in millimeters."))
    width_mm = MeasureField(max_value=LENGTH_MM_MAX, help_text=_("In millimeters."))
    height_mm = MeasureField(max_value=LENGTH_MM_MAX, help_text=_("In millimeters."))
    weight_g = MeasureField(max_value=WEIGHT_G_MAX, help_text=_("Of one unit, packed, in grams."))
    is_age_restricted = serializers.BooleanField(required=False, help_text=_("Only for adults."))
    is_fragile = serializers.BooleanField(required=False, help_text=_("It breaks."))
    is_hazardous = serializers.BooleanField(required=False, help_text=_("Dangerous goods."))
    is_serialised = serializers.BooleanField(required=False, help_text=_("Each piece has its own number."))
    is_weighed = serializers.BooleanField(
        required=False, help_text=_("Sold by weight: each piece is weighed as it is picked.")
    )
    is_lot_tracked = serializers.BooleanField(
        required=False, help_text=_("The lot number is taken down when a piece is picked.")
    )
    is_expiry_tracked = serializers.BooleanField(
        required=False, help_text=_("The expiry date is taken down when a piece is picked.")
    )
    is_cold = serializers.BooleanField(required=False, help_text=_("It is kept cold, and picked last."))
    substitutes = serializers.ListField(
        child=serializers.CharField(max_length=SKU_LENGTH_MAX, validators=[printable]),
        max_length=SUBSTITUTES_MAX,
        required=False,
        help_text=_(
            "What may be given in its place, the best first: SKUs, yours or ours to send, ours to read. Always the "
            "whole list, of single items; what is not active in it is not offered. It holds one way only."
        ),
    )


class ItemChangesSerializer(ItemFieldsSerializer):
    """Only the fields you speak about; every other stays as it is."""

    reason = TextField(max_length=200, help_text=_("Why; the item's history shows it."))

    def validate(self, attrs: Data) -> Data:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError({name: [_("This cannot be written.")] for name in sorted(unknown)})
        if not set(attrs) - {"reason"}:
            raise serializers.ValidationError({"": [_("Name at least one field.")]})
        return attrs


class ItemBarcodeSerializer(serializers.Serializer[Data]):
    gtin = serializers.CharField(help_text=_("In its form of 14 digits."))
    pack_quantity = serializers.IntegerField(help_text=_("Units that one scan of it counts: 12 on a case of twelve."))


class ItemSerializer(ItemFieldsSerializer):
    """An item as it stands now."""

    sku = serializers.CharField(help_text=_("Our code for it."))
    state = serializers.ChoiceField(
        choices=Item.State.choices, help_text=_("Where it is in its life. Only what is active is sold.")
    )
    is_bundle = serializers.BooleanField(help_text=_("Whether it is made of other items, and has no stock of its own."))
    barcodes = ItemBarcodeSerializer(many=True, help_text=_("What scanners read on it."))

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """What is optional to send is always told."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = True
        return fields


class FieldOutcomeSerializer(serializers.Serializer[Data]):
    field = serializers.CharField(help_text=_("The name of the field."))
    outcome = serializers.ChoiceField(choices=OUTCOMES, help_text=_("What became of what you said of it."))
    reason = serializers.ChoiceField(choices=REASONS, allow_blank=True, help_text=_("Why it waits; otherwise blank."))
    owner = serializers.ChoiceField(choices=System.choices, help_text=_("The system to which the field belongs."))
    detail = serializers.CharField(allow_blank=True, help_text=_("Made for people; blank unless it waits."))


class ItemWriteSerializer(serializers.Serializer[Data]):
    """What became of each field, and the item as it stands now."""

    outcomes = FieldOutcomeSerializer(many=True, help_text=_("A row for each field you sent."))
    item = ItemSerializer(help_text=_("The item as it stands now."))


def texts_of_request(data: Mapping[str, Any]) -> dict[str, str | None]:
    """Validated values as the texts that `catalog.fields` reads."""
    return {name: _text(data[name]) for name in EDITABLE_FIELDS if name in data}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
