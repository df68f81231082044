"""Pick lists behind numbers of stock: whose walk moved units, and for whom a tote is filled."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from picking.models import PickLine, PickTote, PutBack
from stores.models import Store
from stores.stock.documents import Document


def pick_lines(store: Store, pks: Collection[int]) -> dict[int, Document]:
    found = PickLine.objects.filter(pk__in=pks, pick_list__store=store).values_list(
        "pk", "pick_list_id", "part__fulfillment__order__number"
    )
    return {pk: _order(number, list_pk) for pk, list_pk, number in found}


def put_backs(store: Store, pks: Collection[int]) -> dict[int, Document]:
    """What is held for nobody: it lies where no picker is sent, until somebody puts it on a shelf."""
    found = PutBack.objects.filter(pk__in=pks, store=store).values_list(
        "pk", "state", "from_bin__code", "fulfillment_line__fulfillment__order__number"
    )
    documents = {}
    for pk, state, place, number in found:
        detail = _("From {place}, order {number}").format(place=place, number=number)
        documents[pk] = Document(str(PutBack.State(state).label), detail, reverse("put_back:take", args=[pk]))
    return documents


def in_totes(store: Store, item_id: int, bin_ids: Collection[int]) -> dict[int, list[Document]]:
    """A tote is filled for one order at a time, whatever lies in it."""
    found = PickTote.objects.filter(
        tote_id__in=bin_ids, tote__store=store, pick_list__store=store, emptied_at=None
    ).values_list("tote_id", "pick_list_id", "part__fulfillment__order__number")
    return {tote_id: [_order(number, list_pk)] for tote_id, list_pk, number in found}


def _order(number: str, list_pk: int) -> Document:
    label = _("Order {number}").format(number=number)
    return Document(label, _("List {number}").format(number=list_pk), reverse("picking:walk", args=[list_pk]))
