"""Orders behind numbers of stock: the page on which each stands now, from the pick list to the handover."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from picking.models import PickList, PickTote
from pickup.models import StagedUnit
from stores.models import Store
from stores.orders.models import Fulfillment
from stores.stock.documents import Document


def fulfillments(store: Store, pks: Collection[int]) -> dict[int, Document]:
    lists = PickList.objects.filter(parts__fulfillment=OuterRef("pk")).exclude(state=PickList.State.CANCELLED)
    totes = PickTote.objects.filter(part__fulfillment=OuterRef("pk"), emptied_at=None)
    found = (
        Fulfillment.objects.filter(pk__in=pks, store=store)
        .annotate(
            list_pk=Subquery(lists.order_by("-pk").values("pk")[:1]),
            tote_pk=Subquery(totes.order_by("pk").values("pk")[:1]),
        )
        .values_list("pk", "order__number", "state", "promised_at", "list_pk", "tote_pk")
    )
    return {
        pk: Document(
            _("Order {number}").format(number=number),
            str(Fulfillment.State(state).label),
            _page(pk, state, list_pk, tote_pk),
            # A promise is kept or broken once the order is ready.
            due_at=promised_at if state in _NOT_READY else None,
        )
        for pk, number, state, promised_at, list_pk, tote_pk in found
    }


def in_staging(store: Store, item_id: int, bin_ids: Collection[int]) -> dict[int, list[Document]]:
    """The orders whose bags in these bins hold the item."""
    found = (
        StagedUnit.objects.filter(
            staged_tote__bin_id__in=bin_ids,
            staged_tote__left_at=None,
            staged_tote__fulfillment__store=store,
            fulfillment_line__item_id=item_id,
        )
        .order_by("staged_tote__fulfillment_id")
        .values_list("staged_tote__bin_id", "staged_tote__fulfillment_id", "staged_tote__fulfillment__order__number")
        .distinct()
    )
    documents: dict[int, list[Document]] = defaultdict(list)
    for bin_id, pk, number in found:
        label = _("Order {number}").format(number=number)
        documents[bin_id].append(Document(label, url=reverse("pickup:handover", args=[pk])))
    return documents


_NOT_READY = (Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING, Fulfillment.State.PICKED)


def _page(pk: int, state: str, list_pk: int | None, tote_pk: int | None) -> str:
    if state == Fulfillment.State.PICKED and tote_pk:
        return reverse("pickup:stage_tote", args=[tote_pk])
    if state in _NOT_READY:
        return reverse("picking:walk", args=[list_pk]) if list_pk else ""
    return reverse("pickup:handover", args=[pk])
