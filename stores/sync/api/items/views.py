"""Items: what they are, and what the system behind the key says about them."""

import json
from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stores.catalog.actions.write_fields import RefusedField, WriteResult, write_fields
from stores.catalog.fields import SUBSTITUTES, substitutes_text
from stores.catalog.models import Item, System
from stores.catalog.queries import items_by_codes
from stores.catalog.queries.owners import owner_of, owners
from stores.journal.actions.answer_once import Answer, answer_once
from stores.refusals import Refusal
from stores.staff.access import api
from stores.sync.api.errors import MEDIA_TYPE, KeyMissing, problem_of
from stores.sync.api.items import described
from stores.sync.api.items.serializers import (
    SKU_LENGTH_MAX,
    ItemChangesSerializer,
    texts_of_request,
)
from stores.sync.api.parsers import CarefulJSONParser
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey
from stores.sync.queries.item_told import item_told
from stores.sync.refusals import NotFound


@api
class ItemView(APIView):
    verbs = {"GET": ApiKey.Verb.ITEMS_READ, "PATCH": ApiKey.Verb.ITEMS_WRITE}
    parser_classes = [CarefulJSONParser]

    @described.read_item
    def get(self, request: Request, sku: str) -> Response:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        return Response(item_told(_item(key, sku)))

    @described.write_item
    def patch(self, request: Request, sku: str) -> HttpResponse:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        system = _system(key)
        idempotency_key = request.headers.get("Idempotency-Key", "")
        if not idempotency_key:
            raise KeyMissing
        item = _item(key, sku)
        checked = ItemChangesSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        values = _values(key, checked.validated_data)
        sent: Data = cast(Data, request.data)

        def act() -> Answer:
            result = write_fields(
                item=item,
                values=values,
                system=system,
                source=key.source,
                external_id=item.sku,
                reason=checked.validated_data.get("reason") or _("{name} said so.").format(name=key.name),
                body=json.dumps(sent),
            )
            told = {"outcomes": _outcomes(result, list(sent)), "item": item_told(Item.objects.get(pk=item.pk))}
            return _answer(202 if result.refused else 200, told)

        def refuse(refusal: Refusal) -> Answer:
            return _answer(refusal.status, problem_of(refusal))

        answer = answer_once(
            scope=f"api:{key.pk}", key=idempotency_key, body=[item.sku, sent], act=act, on_refusal=refuse
        ).answer
        media_type = "application/json" if answer["status"] in {200, 202} else MEDIA_TYPE
        return HttpResponse(answer["text"], status=answer["status"], content_type=media_type)


def _system(key: ApiKey) -> System:
    """Whose word the key brings. For Storehand only people speak: they ask, and others decide."""
    if key.store_id is not None:
        raise PermissionDenied(_("This key speaks for one store, and items belong to the whole chain."))
    if key.system in {"", System.STOREHAND}:
        raise PermissionDenied(_("This key is no system's that speaks about items. Whoever made it can make another."))
    return System(key.system)


def _item(key: ApiKey, sku: str) -> Item:
    item = items_by_codes(key.source, [sku]).get(sku) if len(sku) <= SKU_LENGTH_MAX else None
    if item is None:
        raise NotFound
    return item


def _values(key: ApiKey, data: Data) -> dict[str, str | None]:
    """As texts. Raises ValidationError for a substitute whose code nobody knows."""
    values = texts_of_request(data)
    if SUBSTITUTES in data:
        codes: list[str] = data[SUBSTITUTES]
        known = items_by_codes(key.source, codes)
        if unknown := [code for code in codes if code not in known]:
            words = _("Nobody here knows the SKU {sku}.")
            raise ValidationError({SUBSTITUTES: [words.format(sku=code) for code in unknown]})
        values[SUBSTITUTES] = substitutes_text(known[code] for code in codes)
    return values


def _outcomes(result: WriteResult, sent: list[str]) -> list[Data]:
    """In the order in which the fields were sent."""
    by_field = owners()
    refused = {one.field: one for one in result.refused}
    rows: list[Data] = []
    for field in sent:
        if field in result.changed or field in result.unchanged or field in refused:
            row = {"field": field, "outcome": "changed" if field in result.changed else "unchanged", "reason": ""}
            row |= {"owner": owner_of(field, by_field).value, "detail": ""}
            rows.append({**row, **_refused(refused[field])} if field in refused else row)
    return rows


def _refused(one: RefusedField) -> Data:
    words = _("It belongs to {owner}; a person here looks at it.")
    if one.known:
        words = _("It belongs to {owner}; you said the same before, and a person here decides or has decided.")
    detail = one.problem or words.format(owner=one.owner.label)
    return {"outcome": "waits", "reason": one.reason, "detail": detail}


def _answer(status: int, body: dict[str, Any]) -> Answer:
    """Kept as text: the same key gets the same answer to the letter, which a stored object would not give."""
    return {"status": status, "text": JSONRenderer().render(body).decode()}
