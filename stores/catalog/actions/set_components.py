"""What is in a bundle."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Model

from stores.catalog.actions.explain import REASON_LENGTH_MAX, explained
from stores.catalog.bundle_errors import (
    BundleInBundle,
    BundleOfItself,
    BundleSettled,
    ComponentMissing,
    ComponentQuantityInvalid,
    ComponentRetired,
    ComponentTwice,
    HasHadStock,
    IsComponent,
    LastComponent,
    SoldSingly,
    TooManyComponents,
)
from stores.catalog.change_errors import ReasonNeeded
from stores.catalog.models import BundleComponent, FieldChange, Item, System
from stores.catalog.queries.substitutes import others_beside
from stores.catalog.substitute_errors import HasSubstitutes
from stores.journal.actions.record import record

COMPONENTS_MAX = 20
QUANTITY_MAX = 999
# What is approved or sold was vouched for with the components it has.
OPEN_STATES = {Item.State.DRAFT, Item.State.RETIRED}


def set_components(
    *, bundle: Item, components: Sequence[tuple[Item, int]], associate: Model | None = None, reason: str = ""
) -> None:
    """Makes one unit of `bundle` consist of `components` (item, units); of none, a draft is a plain item again.

    Only while it is a draft, or a retired bundle and then with a reason: one that is approved or active was vouched for
    as it is, and comes back through approval. Raises BundleSettled, SoldSingly, LastComponent, ReasonNeeded,
    HasHadStock, IsComponent, HasSubstitutes, and for the components BundleOfItself, BundleInBundle, ComponentRetired,
    ComponentTwice, ComponentQuantityInvalid and TooManyComponents.
    """
    wanted: dict[int, int] = {}
    for item, quantity in components:
        if item.pk in wanted:
            raise ComponentTwice(item=item.name)
        wanted[item.pk] = quantity
    items = _lock(bundle, wanted)
    _change(items[bundle.pk], items, wanted, associate, reason)
    bundle.is_bundle = items[bundle.pk].is_bundle


def put_component(
    *, bundle: Item, component: Item, quantity: int, associate: Model | None = None, reason: str = ""
) -> None:
    """Puts `quantity` units of `component` into each bundle, in place of as many as there were. Raises as above."""
    items = _lock(bundle, [component.pk])
    wanted = _inside(bundle) | {component.pk: quantity}
    _change(items[bundle.pk], items, wanted, associate, reason)
    bundle.is_bundle = items[bundle.pk].is_bundle


def remove_component(*, bundle: Item, component: Item, associate: Model | None = None, reason: str = "") -> None:
    """Takes `component` out of the bundle. Raises ComponentMissing, and as above."""
    items = _lock(bundle, [component.pk])
    wanted = _inside(bundle)
    if wanted.pop(component.pk, None) is None:
        raise ComponentMissing(item=component.name)
    _change(items[bundle.pk], items, wanted, associate, reason)
    bundle.is_bundle = items[bundle.pk].is_bundle


def _lock(bundle: Item, components: Iterable[int]) -> dict[int, Item]:
    """The items as they are now, locked in the order of ids: two bundles made of each other cannot deadlock."""
    rows = Item.objects.filter(pk__in=[bundle.pk, *components]).order_by("pk").select_for_update(no_key=True)
    return {item.pk: item for item in rows}


def _inside(bundle: Item) -> dict[int, int]:
    return dict(BundleComponent.objects.filter(bundle=bundle).values_list("component_id", "quantity"))


def _change(
    bundle: Item, items: Mapping[int, Item], wanted: Mapping[int, int], associate: Model | None, reason: str
) -> None:
    reason = " ".join(reason.split())[:REASON_LENGTH_MAX]
    _refuse_settled(bundle, wanted, reason)
    was = _inside(bundle)
    for pk in wanted:
        # What was in it before was looked at when it was put in.
        if pk in items:
            _refuse_component(bundle, items[pk])
    if not all(1 <= quantity <= QUANTITY_MAX for quantity in wanted.values()):
        raise ComponentQuantityInvalid(most=QUANTITY_MAX)
    if len(wanted) > COMPONENTS_MAX:
        raise TooManyComponents(most=COMPONENTS_MAX)
    if wanted == was:
        return
    before = _in_words(bundle)
    if wanted and not bundle.is_bundle:
        _turn(bundle, True, associate, reason)
    BundleComponent.objects.filter(bundle=bundle).exclude(component__in=wanted).delete()
    BundleComponent.objects.bulk_create(
        [BundleComponent(bundle=bundle, component_id=pk, quantity=quantity) for pk, quantity in wanted.items()],
        update_conflicts=True,
        unique_fields=["bundle", "component"],
        update_fields=["quantity"],
    )
    if not wanted:
        _turn(bundle, False, associate, reason)
    after = _in_words(bundle)
    FieldChange.objects.create(
        item=bundle,
        field="components",
        was=before or None,
        became=after or None,
        system=System.STOREHAND,
        associate_id=associate.pk if associate else None,
        reason=reason,
    )
    record(
        kind="catalog.components_set",
        subject=bundle,
        actor=associate,
        item=bundle,
        quantity=sum(wanted.values()),
        data={"was": before, "became": after, "reason": reason},
    )


def _refuse_settled(bundle: Item, wanted: Mapping[int, int], reason: str) -> None:
    if bundle.state not in OPEN_STATES:
        raise BundleSettled(item=bundle.name, state=bundle.get_state_display().lower())
    if bundle.state == Item.State.DRAFT:
        return
    # Orders name what was once sold: a bundle stays a bundle, and a single item a single item.
    if not bundle.is_bundle:
        raise SoldSingly(item=bundle.name)
    if not wanted:
        raise LastComponent(item=bundle.name)
    if not reason:
        raise ReasonNeeded


def _refuse_component(bundle: Item, component: Item) -> None:
    if component.pk == bundle.pk:
        raise BundleOfItself(item=bundle.name)
    if component.is_bundle:
        raise BundleInBundle(item=component.name)
    if component.state == Item.State.RETIRED:
        raise ComponentRetired(item=component.name)


def _turn(item: Item, is_bundle: bool, associate: Model | None, reason: str) -> None:
    try:
        with transaction.atomic(), explained(reason=reason, associate=associate):
            Item.objects.filter(pk=item.pk).update(is_bundle=is_bundle)
    except IntegrityError as error:
        bundles = BundleComponent.objects.filter(component=item).order_by("bundle__sku")
        skus = bundles.values_list("bundle__sku", flat=True)
        if skus:
            raise IsComponent(item=item.name, bundles=", ".join(skus)) from error
        if others := others_beside(item):
            raise HasSubstitutes(item=item.name, others=", ".join(others)) from error
        # A key of stock points at what is no bundle: every item that a store has ever had.
        raise HasHadStock(item=item.name) from error
    item.is_bundle = is_bundle


def _in_words(bundle: Item) -> str:
    rows = BundleComponent.objects.filter(bundle=bundle).values_list("component__sku", "quantity")
    return ", ".join(f"{quantity} × {sku}" for sku, quantity in sorted(rows))
