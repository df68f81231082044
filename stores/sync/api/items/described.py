"""What the OpenAPI document says of the items' operations beyond their fields."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from stores.sync.api.described import IDEMPOTENCY_KEY, problems
from stores.sync.api.items.serializers import (
    SKU_LENGTH_MAX,
    ItemChangesSerializer,
    ItemSerializer,
    ItemWriteSerializer,
)
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey

# Each example is one that the API takes, or gives in this shape; the tests send and compare them.
CHANGES: Data = {"name": "IPod Nano - 8GB, red", "price": "149.00", "reason": "Spring prices"}
ITEM: Data = {
    "sku": "IPOD2008RED",
    "state": "active",
    "is_bundle": False,
    "name": "IPod Nano",
    "price": "149.00",
    "currency": "GBP",
    "category": "HOME",
    "abc_class": "",
    "style": None,
    "size": "",
    "color": "",
    "pack_count": 1,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "weight_g": None,
    "is_age_restricted": False,
    "is_fragile": False,
    "is_hazardous": False,
    "is_serialised": False,
    "is_weighed": False,
    "is_lot_tracked": False,
    "is_expiry_tracked": False,
    "is_cold": False,
    "substitutes": [],
    "barcodes": [{"gtin": "09521234567897", "pack_quantity": 1}],
}
WRITTEN: Data = {
    "outcomes": [
        {
            "field": "name",
            "outcome": "waits",
            "reason": "not_owner",
            "owner": "storehand",
            "detail": "It belongs to Storehand; a person here looks at it.",
        },
        {"field": "price", "outcome": "changed", "reason": "", "owner": "pos", "detail": ""},
    ],
    "item": ITEM,
}
PRICE_WRITTEN: Data = {"outcomes": WRITTEN["outcomes"][1:], "item": ITEM}

SKU = OpenApiParameter(
    "sku",
    {"type": "string", "minLength": 1, "maxLength": SKU_LENGTH_MAX},
    OpenApiParameter.PATH,
    description=_("Your code for the item, or ours; case does not matter."),
    examples=[OpenApiExample("sku", ITEM["sku"])],
)
_UNKNOWN = _("Nobody here knows the SKU.")

read_item = extend_schema(
    operation_id="read_item",
    summary=_("Read an item"),
    parameters=[SKU],
    responses={
        200: OpenApiResponse(ItemSerializer, _("The item as it stands now."), [OpenApiExample("item", ITEM)]),
        **problems(ApiKey.Verb.ITEMS_READ, {404: _UNKNOWN}),
    },
)
write_item = extend_schema(
    operation_id="write_item",
    summary=_("Say something about an item"),
    description=_(
        "Each field of an item belongs to one system: the tills, the ERP, the online shop, or Storehand. What you say "
        "of your own fields is applied at once and stands in the item's history. Another value for a field of another "
        "system is never applied: it waits for a person here, and does not hold up the other fields. The same said "
        "again waits once.\n\n"
        "Which system you are is written on your key. In texts of other systems, case and spaces do not matter."
    ),
    parameters=[SKU, IDEMPOTENCY_KEY],
    request=ItemChangesSerializer,
    examples=[OpenApiExample("changes", CHANGES, request_only=True)],
    responses={
        200: OpenApiResponse(
            ItemWriteSerializer,
            _("Every field you sent is as you say."),
            [OpenApiExample("applied", PRICE_WRITTEN)],
        ),
        202: OpenApiResponse(
            ItemWriteSerializer,
            _("At least one field waits for a person; the others are as you say. `outcomes` tells which."),
            [OpenApiExample("waits", WRITTEN)],
        ),
        **problems(
            ApiKey.Verb.ITEMS_WRITE,
            {
                400: _(
                    "The body is not JSON, a field is unknown or wrong (`errors` names it), there is none, or "
                    "`Idempotency-Key` is missing."
                ),
                403: _(
                    "The key lacks the verb `items.write`, is no system's that speaks about items, or is for one store."
                ),
                404: _UNKNOWN,
                413: _("The body is too large."),
                415: _("The body is not `application/json`."),
                422: _("`Idempotency-Key` came with another body or item, or is too long."),
            },
        ),
    },
)
