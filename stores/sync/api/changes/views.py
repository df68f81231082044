"""An order that is to be less, or nothing."""

import hashlib
from typing import cast

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from stores.journal.actions.answer_once import Answer, answer_once
from stores.refusals import Refusal
from stores.staff.access import api
from stores.sync.actions.change_incoming import Named
from stores.sync.actions.parked import WAIT
from stores.sync.api.changes import described, parked
from stores.sync.api.changes.serializers import CancelRequestSerializer, ChangeRequestSerializer
from stores.sync.api.errors import MEDIA_TYPE, KeyMissing, problem_of
from stores.sync.api.parsers import CarefulJSONParser
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey
from stores.sync.queries.order_status import order_status
from stores.sync.refusals import NotHereYet


@api
class CancelView(APIView):
    verbs = {"POST": ApiKey.Verb.ORDERS_WRITE}
    parser_classes = [CarefulJSONParser]

    @described.cancel_order
    def post(self, request: Request) -> HttpResponse:
        return _answer(request, parked.CANCEL, CancelRequestSerializer(data=request.data))


@api
class ChangeView(APIView):
    verbs = {"POST": ApiKey.Verb.ORDERS_WRITE}
    parser_classes = [CarefulJSONParser]

    @described.change_order
    def post(self, request: Request) -> HttpResponse:
        return _answer(request, parked.CHANGE, ChangeRequestSerializer(data=request.data))


def _answer(request: Request, topic: str, checked: Serializer[Data]) -> HttpResponse:
    key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
    idempotency_key = request.headers.get("Idempotency-Key", "")
    if not idempotency_key:
        raise KeyMissing
    checked.is_valid(raise_exception=True)
    data: Data = checked.validated_data
    named = Named(source=key.source, external_id=data["external_id"], store_id=key.store_id)

    def act() -> Answer:
        try:
            # Our own key: the caller's is theirs alone, and another caller may use the same.
            ours = hashlib.sha256(f"{key.pk}:{idempotency_key}".encode()).hexdigest()
            order = parked.act_on(topic, data, named=named, key=ours)
        except NotHereYet:
            message = parked.keep(topic, data, key=key, idempotency_key=idempotency_key)
            return _kept(202, parked.told(message, data["external_id"], message.created_at + WAIT))
        return _kept(200, order_status(order))

    def refuse(refusal: Refusal) -> Answer:
        return _kept(refusal.status, problem_of(refusal))

    # The address is a part of it: one key cannot mean a cancellation and something else.
    body = [topic, cast(Data, request.data)]
    outcome = answer_once(scope=f"api:{key.pk}", key=idempotency_key, body=body, act=act, on_refusal=refuse)
    status = outcome.answer["status"]
    kind = "application/json" if status < 400 else MEDIA_TYPE
    return HttpResponse(outcome.answer["text"], status=status, content_type=kind)


def _kept(status: int, body: Data) -> Answer:
    """As text: the same key gets the same answer to the letter."""
    return {"status": status, "text": JSONRenderer().render(body).decode()}
