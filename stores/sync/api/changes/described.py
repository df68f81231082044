"""What the OpenAPI document says of cancelling and changing orders beyond the fields."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from stores.sync.api.changes.serializers import CancelRequestSerializer, ChangeRequestSerializer, ParkedSerializer
from stores.sync.api.described import IDEMPOTENCY_KEY, ORDER, ORDER_STATUS, problems
from stores.sync.api.errors import MEDIA_TYPE, Problem
from stores.sync.api.serializers import Data, OrderStatusSerializer
from stores.sync.models import ApiKey

CANCEL: Data = {"external_id": ORDER["external_id"], "reason": "customer"}
CHANGE: Data = {"external_id": ORDER["external_id"], "reason": "customer", "lines": [{"line": "1", "quantity": 1}]}
LINE: Data = ORDER_STATUS["lines"][0]
CHANGED: Data = {
    **ORDER_STATUS,
    "lines": [{**LINE, "allocated": 1, "cancelled": 1, "cancelled_amount": "199.00"}],
}
CANCELLED: Data = {
    **ORDER_STATUS,
    "state": "cancelled",
    "lines": [{**LINE, "allocated": 0, "cancelled": 2, "cancelled_amount": "398.00"}],
    "fulfillments": [
        {**ORDER_STATUS["fulfillments"][0], "state": "cancelled", "ended_at": "2026-03-01T10:05:00+00:00"}
    ],
}
PARKED: Data = {
    "external_id": ORDER["external_id"],
    "state": "parked",
    "message": 7,
    "until": "2026-03-08T10:00:00+00:00",
}
GONE: Problem = {
    "code": "cannot_cancel",
    "title": "Order #1001 can no longer be cancelled",
    "detail": "State: completed.",
    "status": 409,
}
_PARKED = OpenApiResponse(
    ParkedSerializer,
    _("There is no such order yet. What you said is kept for a week, and applied when the order comes."),
    [OpenApiExample("parked", PARKED)],
)


def _problems(conflict: Any, unprocessable: Any) -> dict[Any, Any]:
    return problems(
        ApiKey.Verb.ORDERS_WRITE,
        {
            400: _("The body is not JSON, a field is wrong (`errors` names it), or `Idempotency-Key` is missing."),
            404: _("The order is another store's, and the key speaks for one."),
            409: conflict,
            413: _("The body is too large."),
            415: _("The body is not `application/json`."),
            422: unprocessable,
        },
    )


cancel_order = extend_schema(
    operation_id="cancel_order",
    summary=_("Cancel an order"),
    description=_(
        "All of it, however far it is: what is picked goes back to the shelf. An order that is cancelled already stays "
        "so. You tell the customer. One that comes before its order waits for it."
    ),
    parameters=[IDEMPOTENCY_KEY],
    request=CancelRequestSerializer,
    examples=[
        OpenApiExample("cancel", CANCEL, request_only=True),
        OpenApiExample("gone", GONE, response_only=True, status_codes=["409"], media_type=MEDIA_TYPE),
    ],
    responses={
        200: OpenApiResponse(
            OrderStatusSerializer, _("The order, cancelled."), [OpenApiExample("cancelled", CANCELLED)]
        ),
        202: _PARKED,
        **_problems(
            _("It has been handed over, or a part of it has. Nothing was changed."),
            _("`Idempotency-Key` came with another body or is too long."),
        ),
    },
)
change_order = extend_schema(
    operation_id="change_order",
    summary=_("Lower the lines of an order"),
    description=_(
        "A line is lowered to the units that are still wanted: first those that no store has promised, then those that "
        "are least far along. Where no more than that is wanted already, nothing changes. A bundle is lowered whole. "
        "What stands in for a line counts as that line. One that comes before its order waits for it."
    ),
    parameters=[IDEMPOTENCY_KEY],
    request=ChangeRequestSerializer,
    examples=[OpenApiExample("change", CHANGE, request_only=True)],
    responses={
        200: OpenApiResponse(
            OrderStatusSerializer, _("The order as it stands now."), [OpenApiExample("changed", CHANGED)]
        ),
        202: _PARKED,
        **_problems(
            _("So many units cannot be cancelled any more. Nothing was changed."),
            _(
                "A line is unknown, or more is wanted than was ordered, or `Idempotency-Key` came with another body or "
                "is too long."
            ),
        ),
    },
)
