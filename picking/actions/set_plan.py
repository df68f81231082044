"""How a store picks: what releases a wave, how large it may be, how long silence and breaks may last."""

from dataclasses import asdict, dataclass

from picking.models import Method, PickPlan
from picking.wave_errors import PlanChoiceInvalid, PlanInvalid
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Device, Store
from stores.staff.models import Associate

DAY_MINUTES = 24 * 60
# Least and most of each number; those of the triggers may also be empty, which turns them off.
TRIGGERS = {"every_minutes": (5, DAY_MINUTES), "at_orders": (1, 500), "before_promise_minutes": (1, DAY_MINUTES)}
NUMBERS = {
    "wave_orders_max": (1, 200),
    "batch_orders_max": (1, 24),
    "claim_minutes": (1, 240),
    "break_minutes": (1, 240),
}


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """`method` "": the app proposes one for each wave."""

    at_once: bool
    every_minutes: int | None
    at_orders: int | None
    before_promise_minutes: int | None
    method: str
    wave_orders_max: int
    batch_orders_max: int
    claim_minutes: int
    break_minutes: int
    when_gone: str


def set_plan(*, store: Store, terms: PlanTerms, associate: Associate, device: Device | None) -> bool:
    """Changes how the store picks; returns whether anything is another now. Raises PlanInvalid, PlanChoiceInvalid.

    What waits and is due by the new plan is released at once; lists that are released stay as they are.
    """
    wanted = asdict(terms)
    _check(wanted)
    PickPlan.objects.get_or_create(store=store)
    plan = PickPlan.objects.select_for_update().get(store=store)
    changes = {
        field: {"was": getattr(plan, field), "became": value}
        for field, value in wanted.items()
        if getattr(plan, field) != value
    }
    if not changes:
        return False
    PickPlan.objects.filter(pk=plan.pk).update(**wanted)
    record(
        kind="picking.plan_set", subject=plan, store=store, actor=associate, device=device, data={"changes": changes}
    )
    wake("picking.tasks.release_waves_of", store.pk)
    return True


def _check(wanted: dict[str, object]) -> None:
    for field, (least, most) in (TRIGGERS | NUMBERS).items():
        value = wanted[field]
        if value is None and field in TRIGGERS:
            continue
        if not isinstance(value, int) or not least <= value <= most:
            raise PlanInvalid(what=label_of(field), least=least, most=most)
    for field, known in (("method", ["", *Method.values]), ("when_gone", PickPlan.WhenGone.values)):
        if wanted[field] not in known:
            raise PlanChoiceInvalid(what=label_of(field))


def label_of(field: str) -> str:
    return str(PickPlan._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # All of them are plain fields.
