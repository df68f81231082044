"""What the OpenAPI document says of the orders' operations beyond their fields: words, headers, answers, examples."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from stores.sync.api.errors import MEDIA_TYPE, Problem, ProblemSerializer
from stores.sync.api.serializers import (
    EXTERNAL_ID_LENGTH_MAX,
    Data,
    OrderRequestSerializer,
    OrderStatusSerializer,
)
from stores.sync.models import ApiKey

# Each example is one that the API takes, or gives in this shape; the tests send and compare them.
ORDER: Data = {
    "external_id": "450789469",
    "number": "#1001",
    "method": "counter",
    "pickup_store": "CAMDEN",
    "customer": {"name": "Bob Norman", "email": "bob@shop.example", "phone": "020 7946 0018", "language": "en"},
    "lines": [{"sku": "IPOD2008RED", "quantity": 2, "price": "199.00"}],
    "currency": "GBP",
    "placed_at": "2026-03-01T10:00:00+00:00",
}
ORDER_STATUS: Data = {
    "id": 12,
    "source": "shop",
    "external_id": "450789469",
    "number": "#1001",
    "state": "allocated",
    "method": "counter",
    "express": False,
    "allow_substitutes": False,
    "pickup_store": "CAMDEN",
    "currency": "GBP",
    "placed_at": "2026-03-01T10:00:00+00:00",
    "lines": [
        {
            "line": "1",
            "sku": "IPOD2008RED",
            "quantity": 2,
            "allocated": 2,
            "cancelled": 0,
            "price": "199.00",
            "amount": "398.00",
            "cancelled_amount": "0.00",
            "bundle": None,
            "substitute_for": None,
        }
    ],
    "bundles": [],
    "fulfillments": [
        {
            "id": 31,
            "store": "CAMDEN",
            "state": "allocated",
            "promised_at": "2026-03-01T12:00:00+00:00",
            "staged_at": None,
            "ended_at": None,
        }
    ],
}
UNKNOWN_SKU: Problem = {
    "code": "unknown_sku",
    "title": "Unknown SKU: IPOD2008RED",
    "detail": "Link it to an item; the order is then placed by itself.",
    "status": 422,
    "codes": ["IPOD2008RED"],
    "message": 7,
}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=_(
        "Up to 64 printable characters. The same key again gets the same answer and has no second effect; "
        "with another body it is refused (422, `key_reused`)."
    ),
    pattern=r"^[!-~]{1,64}$",
    examples=[OpenApiExample("key", "0b6a7c1e-8f3d-4e52-9a41-6d2f7c5b1e90")],
)
EXTERNAL_ID = OpenApiParameter(
    "external_id",
    {"type": "string", "minLength": 1, "maxLength": EXTERNAL_ID_LENGTH_MAX},
    required=True,
    description=_("Your id of the order."),
    examples=[OpenApiExample("external_id", ORDER["external_id"])],
)
ORDER_ID = OpenApiParameter(
    "id",
    {"type": "integer", "minimum": 1},
    OpenApiParameter.PATH,
    description=_("Our number of the order, as the answer to placing it has it."),
    examples=[OpenApiExample("id", ORDER_STATUS["id"])],
)


def problems(verb: ApiKey.Verb, told: dict[int, str | Promise]) -> dict[Any, Any]:
    """The errors an operation answers with: those `told` and those that every operation has."""
    every = {
        401: _("The key is missing, wrong, expired or revoked."),
        403: format_lazy(_("The key lacks the verb `{verb}`."), verb=verb.value),
        503: _("Not available right now. Send the same again after the seconds that `Retry-After` names."),
    } | told
    return {(status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, every[status]) for status in sorted(every)}


FOUND = OpenApiResponse(
    OrderStatusSerializer, _("The order as it stands now."), [OpenApiExample("found", ORDER_STATUS)]
)
NO_SUCH_ORDER = _("There is no such order, or this key may not see it.")

place_order = extend_schema(
    operation_id="place_order",
    summary=_("Place an order"),
    description=_(
        "It is routed at once: `state` is `allocated`, or `backordered` when no store can promise all of it yet.\n\n"
        "An order with an unknown SKU or store is refused (422), and kept: a lead here can link the SKU, and the order "
        "is then placed without another request. The same goes for an item that is not for sale. Look the order up by "
        "its external id before sending it under a new key."
    ),
    parameters=[IDEMPOTENCY_KEY],
    request=OrderRequestSerializer,
    examples=[
        OpenApiExample("order", ORDER, request_only=True),
        OpenApiExample("unknown_sku", UNKNOWN_SKU, response_only=True, status_codes=["422"], media_type=MEDIA_TYPE),
    ],
    responses={
        201: OpenApiResponse(
            OrderStatusSerializer,
            _("The order as it stands now. The header `Location` has its address."),
            [OpenApiExample("placed", ORDER_STATUS)],
        ),
        **problems(
            ApiKey.Verb.ORDERS_WRITE,
            {
                400: _("The body is not JSON, a field is wrong (`errors` names it), or `Idempotency-Key` is missing."),
                404: _("The key speaks for one store, and the order is for another."),
                409: _("An order with this external id is already here."),
                413: _("The body is too large."),
                415: _("The body is not `application/json`."),
                422: _(
                    "A SKU or the store is unknown, the store does not offer the method, or `Idempotency-Key` came "
                    "with another body or is too long."
                ),
            },
        ),
    },
)
find_order = extend_schema(
    operation_id="find_order",
    summary=_("Find an order by your own id of it"),
    parameters=[EXTERNAL_ID],
    responses={
        200: FOUND,
        **problems(ApiKey.Verb.ORDERS_READ, {400: _("`external_id` is missing or too long."), 404: NO_SUCH_ORDER}),
    },
)
read_order = extend_schema(
    operation_id="read_order",
    summary=_("Read an order"),
    parameters=[ORDER_ID],
    responses={200: FOUND, **problems(ApiKey.Verb.ORDERS_READ, {404: NO_SUCH_ORDER})},
)
