"""What the OpenAPI document says of the carts' operations beyond their fields."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from stores.sync.api.carts.serializers import CART_ID, CartRequestSerializer, CartStatusSerializer
from stores.sync.api.described import problems
from stores.sync.api.errors import MEDIA_TYPE, Problem
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey

CART: Data = {"lines": [{"sku": "IPOD2008RED", "store": "CAMDEN", "quantity": 2}]}
CART_STATUS: Data = {
    "id": "c-450789469",
    "channel": "web",
    "hold": "held",
    "expires_at": "2026-03-01T10:15:00+00:00",
    "expires_at_max": "2026-03-01T11:00:00+00:00",
    "seconds_left": 899,
    "lines": [{"sku": "IPOD2008RED", "store": "CAMDEN", "quantity": 2}],
}
SHORT: Problem = {
    "code": "cart_short",
    "title": "Not enough stock for this cart",
    "detail": "IPOD2008RED at CAMDEN: 2 wanted, 1 can be held. Nothing more is held for it than before.",
    "status": 409,
    "lines": [{"sku": "IPOD2008RED", "store": "CAMDEN", "wanted": 2, "available": 1}],
}

ID = OpenApiParameter(
    "cart",
    {"type": "string", "pattern": f"^{CART_ID}$", "minLength": 1, "maxLength": 100},
    OpenApiParameter.PATH,
    description=_("Your id of the cart."),
    examples=[OpenApiExample("cart", CART_STATUS["id"])],
)
HELD = OpenApiResponse(CartStatusSerializer, _("The cart as it stands now."), [OpenApiExample("held", CART_STATUS)])
_MALFORMED_ID = _("The id of the cart has characters that it may not have.")
_NO_SUCH_CART = _("There is no such cart, or this key may not see it.")


def _problems(told: dict[int, str | Promise]) -> dict[tuple[int, str], OpenApiResponse]:
    return problems(
        ApiKey.Verb.CARTS_WRITE,
        {400: _MALFORMED_ID, 403: _("The key lacks the verb `carts.write`, or has no channel."), **told},
    )


put_cart = extend_schema(
    operation_id="put_cart",
    summary=_("Hold stock for a cart"),
    description=_(
        "All lines are held or none, for the time of the key's channel; a bundle holds its components.\n\n"
        "The body is the cart's whole content. Other lines replace the old ones in one step, in which what the cart "
        "holds already counts for itself, and hold it anew, within `expires_at_max`. The same lines again change "
        "nothing, not even the time, so that an unanswered request can simply be sent again: it needs no "
        "`Idempotency-Key`. A cart whose hold is over begins anew."
    ),
    parameters=[ID],
    request=CartRequestSerializer,
    examples=[
        OpenApiExample("cart", CART, request_only=True),
        OpenApiExample("short", SHORT, response_only=True, status_codes=["409"], media_type=MEDIA_TYPE),
    ],
    responses={
        200: HELD,
        **_problems(
            {
                400: _("The body is not JSON, or a field or the id of the cart is wrong (`errors` names it)."),
                404: _("The key speaks for one store, and the cart holds something in another."),
                409: _("Not all of it can be held. `lines` names each that is short, and what of it can be held."),
                413: _("The body is too large."),
                415: _("The body is not `application/json`."),
                422: _("A SKU or store is unknown. `lines` names each such line."),
            }
        ),
    },
)
read_cart = extend_schema(
    operation_id="read_cart",
    summary=_("Read a cart"),
    parameters=[ID],
    responses={200: HELD, **_problems({404: _NO_SUCH_CART})},
)
extend_cart = extend_schema(
    operation_id="extend_cart",
    summary=_("Hold a cart for longer"),
    description=_(
        "Its hold ends the channel's hold time from now, but never after `expires_at_max`, nor earlier than it would "
        "have. Sent twice it counts from the second time."
    ),
    parameters=[ID],
    request=None,
    responses={200: HELD, **_problems({404: _NO_SUCH_CART, 409: _("Nothing is held for the cart any more.")})},
)
release_cart = extend_schema(
    operation_id="release_cart",
    summary=_("Release a cart"),
    description=_("Everything it holds can be promised to others at once. Sent twice it changes nothing."),
    parameters=[ID],
    responses={204: OpenApiResponse(description=_("Nothing is held for it now.")), **_problems({404: _NO_SUCH_CART})},
)
