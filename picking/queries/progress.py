"""How far orders are that are not picked yet."""

from collections.abc import Collection

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext as _

from picking.models import PickList
from stores.orders.models import Fulfillment


def how_far(fulfillment_ids: Collection[int]) -> dict[int, str]:
    """By fulfillment: whether it waits for a wave or for a picker, or who picks it; one query."""
    held = Q(pick_parts__pick_list__claims__ended_at=None, pick_parts__pick_list__state__in=PickList.UNFINISHED)
    rows = (
        Fulfillment.objects.filter(pk__in=fulfillment_ids)
        .annotate(
            names=ArrayAgg(
                "pick_parts__pick_list__claims__associate__name",
                filter=held & Q(pick_parts__pick_list__claims__associate__isnull=False),
                distinct=True,
                default=[],
            ),
            lists=ArrayAgg("pick_parts__pick_list", filter=Q(pick_parts__isnull=False), distinct=True, default=[]),
        )
        .values_list("pk", "names", "lists")
    )
    return {pk: _in_words(names, lists) for pk, names, lists in rows}


def _in_words(names: list[str], lists: list[int]) -> str:
    if names:
        return _("Being picked by {names}").format(names=", ".join(names))
    return _("Waiting for a picker") if lists else _("Waiting to be released")
