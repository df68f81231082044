"""Stock held for carts while their customers make up their minds."""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stores.catalog.queries import items_by_codes
from stores.journal.actions.answer_once import retrying
from stores.staff.access import api
from stores.stock.actions.cart_claims import lock_cart
from stores.stock.actions.extend_cart import extend_cart
from stores.stock.actions.hold_cart import Line, hold_cart
from stores.stock.actions.release_cart import release_cart
from stores.stock.models import Cart, Channel
from stores.stock.queries.carts import cart_status
from stores.sync.api.carts import described
from stores.sync.api.carts.errors import UnknownLines
from stores.sync.api.carts.serializers import CART_ID, CartRequestSerializer
from stores.sync.api.parsers import CarefulJSONParser
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey
from stores.sync.queries.carts import carts_for
from stores.sync.queries.names import store_ids_by_codes
from stores.sync.refusals import NotFound

T = TypeVar("T")


@api
class CartView(APIView):
    verbs = dict.fromkeys(("PUT", "GET", "DELETE"), ApiKey.Verb.CARTS_WRITE)
    parser_classes = [CarefulJSONParser]

    @described.put_cart
    def put(self, request: Request, cart: str) -> Response:
        key, channel = _caller(request, cart)
        checked = CartRequestSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        lines = _lines(key, checked.validated_data["lines"])

        def act() -> Data:
            taken = lock_cart(source=key.source, external_id=cart)
            if taken and not carts_for(key).filter(pk=taken.pk).exists():
                raise NotFound
            # The content is the whole request: sent again it changes nothing, so it needs no key of the caller's.
            return cart_told(
                hold_cart(source=key.source, external_id=cart, channel=channel, lines=lines, key=str(uuid4()))
            )

        return Response(_in_one_piece(act))

    @described.read_cart
    def get(self, request: Request, cart: str) -> Response:
        key, _channel = _caller(request, cart)
        return Response(cart_told(_cart(key, cart)))

    @described.release_cart
    def delete(self, request: Request, cart: str) -> Response:
        key, _channel = _caller(request, cart)
        _in_one_piece(lambda: release_cart(cart=_cart(key, cart)))
        return Response(status=204)


@api
class CartExtensionView(APIView):
    verbs = {"POST": ApiKey.Verb.CARTS_WRITE}
    parser_classes = [CarefulJSONParser]

    @described.extend_cart
    def post(self, request: Request, cart: str) -> Response:
        key, _channel = _caller(request, cart)

        def act() -> Data:
            found = _cart(key, cart)
            extend_cart(cart=found)
            return cart_told(found)

        return Response(_in_one_piece(act))


def cart_told(cart: Cart) -> Data:
    """Plain values, in the shape of the API's CartStatus."""
    status = cart_status(cart)
    return {
        "id": cart.external_id,
        "channel": cart.channel.code,
        "hold": status.hold.value,
        "expires_at": status.expires_at.isoformat(),
        "expires_at_max": status.expires_at_max.isoformat(),
        "seconds_left": status.seconds_left,
        "lines": [{"sku": line.item.sku, "store": line.store.code, "quantity": line.quantity} for line in status.lines],
    }


def _caller(request: Request, cart: str) -> tuple[ApiKey, Channel]:
    """The key and the channel it holds for, once the cart's id is one."""
    key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
    if key.channel is None:
        raise PermissionDenied(
            _("This key has no channel, which says how long a cart is held. Ask whoever runs this Storehand for one.")
        )
    if not re.fullmatch(CART_ID, cart):
        raise ValidationError({"cart": [_("Up to 100 letters, digits and . _ ~ : = -, the first a letter or digit.")]})
    return key, key.channel


def _cart(key: ApiKey, external_id: str) -> Cart:
    found = carts_for(key).filter(external_id=external_id).select_related("channel").first()
    if found is None:
        raise NotFound
    return found


def _lines(key: ApiKey, asked: list[Data]) -> list[Line]:
    """Raises UnknownLines, which names all that are."""
    items = items_by_codes(key.source, {line["sku"] for line in asked})
    stores = store_ids_by_codes(key.source, {line["store"] for line in asked if "store" in line})
    nameless = {
        str(number): {"store": [_("This key is for the whole chain: say which store.")]}
        for number, line in enumerate(asked)
        if "store" not in line and key.store_id is None
    }
    if nameless:
        raise ValidationError({"lines": nameless})
    lines: list[Line] = []
    unknown: list[dict[str, Any]] = []
    for number, line in enumerate(asked, start=1):
        store_id = stores.get(line["store"]) if "store" in line else key.store_id
        item = items.get(line["sku"])
        told = {"line": number, "sku": line["sku"], "store": line.get("store", "")}
        if store_id is None or key.store_id not in {None, store_id}:
            unknown.append({**told, "problem": "unknown_store"})
        if item is None:
            unknown.append({**told, "problem": "unknown_sku"})
        if item and store_id:
            lines.append((store_id, item, line["quantity"]))
    if unknown:
        raise UnknownLines(lines=unknown)
    return lines


def _in_one_piece(act: Callable[[], T]) -> T:
    def attempt() -> T:
        with transaction.atomic(durable=True):
            return act()

    return retrying(attempt)
