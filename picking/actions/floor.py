"""A store's plan changes: where walks begin, its aisles, and where its bins stand.

Every change locks the store's row, so that no bin is placed in an aisle that goes away or shrinks meanwhile.
"""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError

from picking.floor_errors import AisleInUse, AisleTaken, AisleUnnamed, AisleWithoutLength, NotMetres, OutsideAisle
from picking.floor_file import METRES_MAX, Placing, judge_placing
from picking.queries.floor import aisle_of, placed_bins
from stores.journal.actions.record import record
from stores.models import Aisle, Bin, Device, Store
from stores.staff.models import Associate


@dataclass(frozen=True, kw_only=True)
class AisleTerms:
    """None: what was given is no number, or nothing."""

    code: str
    x_m: float | None
    from_y_m: float | None
    to_y_m: float | None


def set_start(
    *, store: Store, x_m: float | None, y_m: float | None, associate: Associate, device: Device | None
) -> bool:
    """Where walks begin and end; None and None: nowhere in particular. False: it was so. Raises NotMetres."""
    if (x_m is None) != (y_m is None):
        raise NotMetres(most=METRES_MAX)
    locked = _locked(store)
    was = (locked.start_x_m, locked.start_y_m)
    if was == (x_m, y_m):
        return False
    Store.objects.filter(pk=store.pk).update(start_x_m=x_m, start_y_m=y_m)
    store.start_x_m, store.start_y_m = x_m, y_m
    _record(store, associate, device, {"start": {"was": was, "became": (x_m, y_m)}})
    return True


def add_aisle(*, store: Store, terms: AisleTerms, associate: Associate, device: Device | None) -> Aisle:
    """Raises AisleUnnamed, NotMetres, AisleWithoutLength and AisleTaken."""
    aisle = _checked(store, terms)
    _locked(store)
    if store.aisles.filter(code=terms.code).exists():
        raise AisleTaken(aisle=terms.code)
    aisle.save(force_insert=True)
    _record(store, associate, device, {"aisle": {"was": None, "became": asdict(terms)}})
    return aisle


def change_aisle(*, store: Store, pk: int, terms: AisleTerms, associate: Associate, device: Device | None) -> bool:
    """The bins in it move sideways with it. False: it was so.

    Raises what add_aisle raises, Aisle.DoesNotExist, and OutsideAisle for a bin that would stand beyond its ends.
    """
    wanted = _checked(store, terms)
    _locked(store)
    aisle = store.aisles.get(pk=pk)
    was = _terms(aisle)
    if was == terms:
        return False
    if store.aisles.filter(code=terms.code).exclude(pk=pk).exists():
        raise AisleTaken(aisle=terms.code)
    beyond = aisle.bins.exclude(y_m__range=(wanted.from_y_m, wanted.to_y_m)).order_by("code").first()
    if beyond is not None:
        raise OutsideAisle(bin=beyond.code, aisle=terms.code, begin=f"{wanted.from_y_m:g}", end=f"{wanted.to_y_m:g}")
    store.aisles.filter(pk=pk).update(**asdict(terms))
    moved = aisle.bins.update(x_m=wanted.x_m)
    _record(store, associate, device, {"aisle": {"was": asdict(was), "became": asdict(terms)}, "bins": moved})
    return True


def remove_aisle(*, store: Store, pk: int, associate: Associate, device: Device | None) -> str:
    """Returns its code. Raises AisleInUse and Aisle.DoesNotExist."""
    _locked(store)
    aisle = store.aisles.get(pk=pk)
    bins = aisle.bins.count()
    if bins:
        raise AisleInUse(aisle=aisle.code, bins=bins)
    was = asdict(_terms(aisle))
    aisle.delete()
    _record(store, associate, device, {"aisle": {"was": was, "became": None}})
    return aisle.code


def place_bins(*, store: Store, placings: list[Placing], associate: Associate, device: Device | None) -> int:
    """All or none; returns how many bins stand elsewhere now.

    Raises Bin.DoesNotExist for a bin that has no place on a plan, NotMetres, AisleUnknown, BesideAisle, OutsideAisle.
    """
    _locked(store)
    aisles = {aisle.code: aisle for aisle in store.aisles.all()}
    plan = {code: aisle_of(aisle) for code, aisle in aisles.items()}
    codes = [placing.bin for placing in placings]
    bins = {bin.code: bin for bin in placed_bins(store).filter(code__in=codes).select_related("aisle")}
    moved: list[Bin] = []
    for placing in placings:
        if placing.bin not in bins:
            raise Bin.DoesNotExist(placing.bin)
        bin, wanted = bins[placing.bin], judge_placing(placing, plan)
        if wanted != Placing(bin.code, bin.aisle.code if bin.aisle else "", bin.x_m, bin.y_m):
            bin.aisle, bin.x_m, bin.y_m = aisles.get(wanted.aisle), wanted.x_m, wanted.y_m
            moved.append(bin)
    if moved:
        Bin.objects.bulk_update(moved, ["aisle", "x_m", "y_m"])
        places = {bin.code: [bin.aisle.code if bin.aisle else "", bin.x_m, bin.y_m] for bin in moved}
        _record(store, associate, device, {"bins": places})
    return len(moved)


def _checked(store: Store, terms: AisleTerms) -> Aisle:
    if terms.x_m is None or terms.from_y_m is None or terms.to_y_m is None:
        raise NotMetres(most=METRES_MAX)
    aisle = Aisle(store=store, code=terms.code, x_m=terms.x_m, from_y_m=terms.from_y_m, to_y_m=terms.to_y_m)
    try:
        aisle.clean_fields(exclude=["store"])
    except ValidationError as error:
        raise AisleUnnamed from error
    if aisle.to_y_m <= aisle.from_y_m:
        raise AisleWithoutLength
    return aisle


def _terms(aisle: Aisle) -> AisleTerms:
    return AisleTerms(code=aisle.code, x_m=aisle.x_m, from_y_m=aisle.from_y_m, to_y_m=aisle.to_y_m)


def _locked(store: Store) -> Store:
    # Not FOR UPDATE: whoever only points at the store, and that is everybody, need not wait.
    return Store.objects.select_for_update(no_key=True).get(pk=store.pk)


def _record(store: Store, associate: Associate, device: Device | None, data: dict[str, object]) -> None:
    record(kind="picking.floor_changed", subject=store, store=store, actor=associate, device=device, data=data)
