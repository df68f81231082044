"""Asking for counts and answering them, each call a request of its own."""

from uuid import uuid4

from django.db import transaction

from stores.catalog.models import Item
from stores.models import Bin, Store
from stores.staff.models import Associate
from stores.stock.actions.count_requests import Counted, answer_count, ask_for_count
from stores.stock.models import CountRequest
from tests.factories import bin_of


def ask(
    store: Store,
    item: Item,
    held: int = 0,
    *,
    bin_code: str = "A-01-1",
    reason: CountRequest.Reason = CountRequest.Reason.NOT_FOUND,
    by: Associate | None = None,
    place: Bin | None = None,
) -> CountRequest:
    with transaction.atomic():
        return ask_for_count(
            bin=place or bin_of(store, bin_code), item=item, held=held, reason=reason, associate=by, device=None,
            key=str(uuid4()),
        )  # fmt: skip


def answer(request: CountRequest, counted: int, by: Associate) -> Counted:
    with transaction.atomic():
        return answer_count(request=request, counted=counted, associate=by, device=None, key=str(uuid4()))
