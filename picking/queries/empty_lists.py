"""Lists on which nothing is left for anybody."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from picking.models import PickLine, PickList
from stores.orders.models import Fulfillment

# Of a list somebody walks, what is missing is theirs to decide about; of one that nobody began, nobody's.
_LEFT = Q(is_open=True) | Q(picked__gt=F("put_back"))
_HELD_BY_WHAT = _LEFT | Q(short__gt=0)


def empty_lists() -> QuerySet[PickList]:
    """Unfinished lists of which nothing is to be picked, nothing to be staged and nothing to be decided."""
    lines = PickLine.objects.filter(pick_list=OuterRef("pk"))
    nobody_began = Q(state=PickList.State.OPEN) & ~Exists(lines.filter(_LEFT))
    nothing_left = Q(state=PickList.State.PICKING) & ~Exists(lines.filter(_HELD_BY_WHAT))
    return PickList.objects.filter(nobody_began | nothing_left)


def is_anothers_too(pick_list: PickList, fulfillment: Fulfillment) -> bool:
    """Whether an order besides this one waits for the end of the list."""
    others = pick_list.fulfillments.exclude(pk=fulfillment.pk)
    return others.filter(state__in=(Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING)).exists()
