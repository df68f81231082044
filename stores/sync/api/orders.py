"""Orders in, and how far they are."""

from dataclasses import replace
from typing import Any, cast

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from stores.journal.actions.answer_once import Answer, answer_once
from stores.journal.actions.record import subject_of
from stores.orders.errors import OrderExists
from stores.refusals import Refusal
from stores.staff.access import api
from stores.sync.actions.place_incoming import place_incoming
from stores.sync.actions.receive_message import settle_refused
from stores.sync.api import described
from stores.sync.api.errors import MEDIA_TYPE, KeyMissing, problem_of
from stores.sync.api.kept_orders import keep_order, message_id
from stores.sync.api.parsers import CarefulJSONParser
from stores.sync.api.serializers import (
    Data,
    OrderRequestSerializer,
    OrderSearchSerializer,
    incoming_order,
)
from stores.sync.incoming import IncomingOrder
from stores.sync.models import ApiKey
from stores.sync.queries.carts import cart_of_order, carts_for
from stores.sync.queries.order_status import order_status, orders_for
from stores.sync.refusals import NeedsPerson, NotFound


@api
class OrdersView(APIView):
    verbs = {"POST": ApiKey.Verb.ORDERS_WRITE, "GET": ApiKey.Verb.ORDERS_READ}
    parser_classes = [CarefulJSONParser]

    @described.place_order
    def post(self, request: Request) -> HttpResponse:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        idempotency_key = request.headers.get("Idempotency-Key", "")
        if not idempotency_key:
            raise KeyMissing
        checked = OrderRequestSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        sent: Data = cast(Data, request.data)
        order = incoming_order(
            checked.validated_data, source=key.source, store_code=_store_code(key, checked.validated_data)
        )
        asked_for = order.cart
        if asked_for and not carts_for(key).filter(external_id=asked_for).exists():
            # Not there for this key: it is not this key's order either that ends its hold.
            order = replace(order, cart="")

        def act() -> Answer:
            placed = place_incoming(order)
            settle_refused(source=key.source, external_id=message_id(order), became=subject_of(placed))
            status = order_status(placed)
            if asked_for:
                status["cart"] = cart_of_order(key, asked_for, placed)
            return _answer(201, status, order=placed.pk)

        def refuse(refusal: Refusal) -> Answer:
            return _answer(refusal.status, _refused(key, order, sent, refusal))

        outcome = answer_once(scope=f"api:{key.pk}", key=idempotency_key, body=sent, act=act, on_refusal=refuse)
        answer = outcome.answer
        if answer["status"] != 201:
            return HttpResponse(answer["text"], status=answer["status"], content_type=MEDIA_TYPE)
        location = reverse("sync:api-order", args=[answer["order"]], request=request)
        return HttpResponse(answer["text"], status=201, content_type="application/json", headers={"Location": location})

    @described.find_order
    def get(self, request: Request) -> Response:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        search = OrderSearchSerializer(data=request.query_params)
        search.is_valid(raise_exception=True)
        return _status_of(key, source=key.source, external_id=search.validated_data["external_id"])


@api
class OrderView(APIView):
    verbs = {"GET": ApiKey.Verb.ORDERS_READ}

    @described.read_order
    def get(self, request: Request, pk: int) -> Response:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        return _status_of(key, pk=pk)


def _answer(status: int, body: Data, *, order: int | None = None) -> Answer:
    """Kept as text: the same key gets the same answer to the letter, which a stored object would not give."""
    return {"status": status, "text": JSONRenderer().render(body).decode(), "order": order}


def _status_of(key: ApiKey, **criteria: Any) -> Response:
    order = orders_for(key).select_related("pickup_store").filter(**criteria).first()
    if order is None:
        raise NotFound
    return Response(order_status(order))


def _store_code(key: ApiKey, data: Data) -> str:
    """The store the order is for; a key of one store speaks for that one alone."""
    named = data.get("pickup_store", "")
    if key.store is None:
        return str(named)
    if named not in {"", key.store.code, *key.store.aliases.filter(source=key.source).values_list("code", flat=True)}:
        raise NotFound
    return key.store.code


def _refused(key: ApiKey, order: IncomingOrder, data: Data, refusal: Refusal) -> Data:
    told = problem_of(refusal)
    if isinstance(refusal, OrderExists):
        taken = orders_for(key).filter(pk=refusal.facts["order"].pk)
        return {**told, "order": taken.get().pk} if taken.exists() else told
    if not isinstance(refusal, NeedsPerson):
        return told
    return {**told, "message": keep_order(order, data, refusal).pk}
