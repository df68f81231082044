"""What may be given in an item's place.

One way: the tall lamp may stand in for the short one, and the short one for nothing. A lead decides at once, whatever
the item's state: nothing that is sold becomes another thing by it, and a customer can refuse each substitution. Of a
retired item, too, something may be promised still.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import REASON_LENGTH_MAX
from stores.catalog.change_errors import OwnedElsewhere
from stores.catalog.fields import SUBSTITUTES, substitutes_text
from stores.catalog.models import FieldChange, Item, Substitute, System
from stores.catalog.queries.owners import owner_of, owners
from stores.catalog.queries.substitutes import named_substitutes
from stores.catalog.queries.words import field_in_words
from stores.catalog.substitute_errors import (
    BundleHasNoSubstitutes,
    SubstituteIsBundle,
    SubstituteMissing,
    SubstituteOfItself,
    SubstituteRetired,
    SubstituteTwice,
    TooManySubstitutes,
)
from stores.journal.actions.record import record

SUBSTITUTES_MAX = 10


def set_substitutes(
    *,
    item: Item,
    substitutes: Sequence[Item],
    associate: Model | None = None,
    system: System = System.STOREHAND,
    reason: str = "",
) -> bool:
    """From now on these may be given in `item`'s place, the best first; whether that is news.

    What stood there before may stay when it has been retired since: it is offered to nobody until it is brought back.
    Raises OwnedElsewhere when the list belongs to another system than `system` and the item is no draft,
    SubstituteTwice, BundleHasNoSubstitutes, SubstituteOfItself, SubstituteIsBundle, SubstituteRetired and
    TooManySubstitutes.
    """
    now = lock_items([item.pk, *(one.pk for one in substitutes)])
    _refuse_foreign(now[item.pk], system)
    wanted = [now[one.pk] for one in substitutes]
    return put_substitutes_locked(now[item.pk], wanted, associate=associate, system=system, reason=reason)


def add_substitute(*, item: Item, substitute: Item, associate: Model | None = None) -> None:
    """Puts `substitute` behind those there are. Raises as above."""
    now = lock_items([item.pk, substitute.pk])
    _refuse_foreign(now[item.pk])
    wanted = [*named_substitutes(item), now[substitute.pk]]
    put_substitutes_locked(now[item.pk], wanted, associate=associate)


def remove_substitute(*, item: Item, substitute: Item, associate: Model | None = None) -> None:
    """Raises SubstituteMissing and OwnedElsewhere."""
    now = lock_items([item.pk])
    _refuse_foreign(now[item.pk])
    was = named_substitutes(item)
    place = _place_of(substitute, was)
    put_substitutes_locked(now[item.pk], [*was[:place], *was[place + 1 :]], associate=associate)


def raise_substitute(*, item: Item, substitute: Item, associate: Model | None = None) -> None:
    """It is offered before the one in front of it; the first stays the first. Raises as above."""
    now = lock_items([item.pk])
    _refuse_foreign(now[item.pk])
    wanted = named_substitutes(item)
    place = _place_of(substitute, wanted)
    wanted.insert(max(0, place - 1), wanted.pop(place))
    put_substitutes_locked(now[item.pk], wanted, associate=associate)


def lock_items(pks: Iterable[int]) -> dict[int, Item]:
    """The items as they are now, locked in the order of ids: two that stand in for each other cannot deadlock."""
    rows = Item.objects.filter(pk__in=list(pks)).order_by("pk").select_for_update(no_key=True)
    return {item.pk: item for item in rows}


def put_substitutes_locked(
    item: Item,
    wanted: Sequence[Item],
    *,
    associate: Model | None = None,
    system: System = System.STOREHAND,
    reason: str = "",
) -> bool:
    """The caller holds the locks of the item and of what is new in `wanted`, and has asked whose word counts.

    Whether that is news. Raises as `set_substitutes`.
    """
    was = named_substitutes(item)
    _refuse(item, wanted, {one.pk for one in was})
    before, after = substitutes_text(was), substitutes_text(wanted)
    if before == after:
        return False
    Substitute.objects.filter(item=item).exclude(substitute__in=wanted).delete()
    Substitute.objects.bulk_create(
        [Substitute(item=item, substitute=one, rank=rank) for rank, one in enumerate(wanted, start=1)],
        update_conflicts=True,
        unique_fields=["item", "substitute"],
        update_fields=["rank"],
    )
    reason = " ".join(reason.split())[:REASON_LENGTH_MAX] or _("Substitutes chosen")
    FieldChange.objects.create(
        item=item,
        field=SUBSTITUTES,
        was=before or None,
        became=after or None,
        system=system,
        associate_id=associate.pk if associate else None,
        reason=reason,
    )
    record(
        kind="catalog.substitutes_set",
        subject=item,
        actor=associate,
        item=item,
        data={"was": before, "became": after, "system": system.value, "reason": reason},
    )
    return True


def _refuse_foreign(item: Item, system: System = System.STOREHAND) -> None:
    # As with fields: a draft's gaps are filled by whoever knows.
    owner = owner_of(SUBSTITUTES, owners())
    if owner != system and item.state != Item.State.DRAFT:
        raise OwnedElsewhere(field=field_in_words(SUBSTITUTES), owner=owner.label)


def _refuse(item: Item, wanted: Sequence[Item], known: set[int]) -> None:
    if item.is_bundle and wanted:
        raise BundleHasNoSubstitutes(item=item.name)
    named: set[int] = set()
    for one in wanted:
        if one.pk in named:
            raise SubstituteTwice(item=one.name)
        named.add(one.pk)
        if one.pk == item.pk:
            raise SubstituteOfItself(item=item.name)
        if one.is_bundle:
            raise SubstituteIsBundle(item=one.name)
        # What was named before was looked at when it was named.
        if one.state == Item.State.RETIRED and one.pk not in known:
            raise SubstituteRetired(item=one.name)
    if len(wanted) > SUBSTITUTES_MAX:
        raise TooManySubstitutes(most=SUBSTITUTES_MAX)


def _place_of(substitute: Item, named: Sequence[Item]) -> int:
    for place, one in enumerate(named):
        if one.pk == substitute.pk:
            return place
    raise SubstituteMissing(item=substitute.name)
