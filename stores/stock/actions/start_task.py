"""Stock tasks begin and end."""

from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.models import BinKind, Device, Store
from stores.staff.models import Associate, Role
from stores.stock.handling import WAYS, WRITE_OFF_REASONS
from stores.stock.handling_errors import ForLeads, KindInvalid, StillInHand, WhyMissing
from stores.stock.models import StockTask
from stores.stock.queries.tasks import bins_of_kind, own_tasks
from stores.transitions import advance


def start_task(
    *, store: Store, associate: Associate, role: Role, device: Device | None, kind: str, why: str = ""
) -> StockTask:
    """Opens a task, or goes on with the open one of the same kind; an open one of another kind ends first.

    `why` is the reason of a write-off. Raises KindInvalid, ForLeads, WhyMissing, and StillInHand when the open task
    still has units in hand.
    """
    if kind not in WAYS:
        raise KindInvalid
    if role < WAYS[kind].least_role:
        raise ForLeads(task=StockTask.Kind(kind).label)
    if kind == StockTask.Kind.WRITE_OFF and why not in WRITE_OFF_REASONS:
        raise WhyMissing
    reference = why if kind == StockTask.Kind.WRITE_OFF else ""
    task = lock_open_task(store=store, associate=associate)
    if task is not None:
        if (task.kind, task.reference) == (kind, reference) or (task.kind == kind and not reference):
            return task
        end_task(task=task, associate=associate, device=device)
    opened = StockTask(store=store, associate=associate, kind=kind, reference=reference)
    if kind == StockTask.Kind.PUT_AWAY:
        # Where there is one receiving bin, nobody has to say that it is that one.
        receiving = bins_of_kind(store, BinKind.RECEIVING)
        opened.source_bin = receiving[0] if len(receiving) == 1 else None
    # Two taps at once open one task: the second finds the first one's.
    StockTask.objects.bulk_create([opened], ignore_conflicts=True)
    task = lock_open_task(store=store, associate=associate)
    if task is None:
        raise RuntimeError("A task that was just opened is gone.")
    record(
        kind="stock.task_started", subject=task, store=store, actor=associate, device=device,
        data={"kind": task.kind, "reference": task.reference},
    )  # fmt: skip
    return task


def lock_open_task(*, store: Store, associate: Associate) -> StockTask | None:
    tasks = own_tasks(store=store, associate=associate).select_for_update(of=("self",), no_key=True)
    return tasks.filter(state=StockTask.State.OPEN).first()


def end_task(*, task: StockTask, associate: Associate, device: Device | None) -> None:
    """Ends a task whose row the caller has locked. Raises StillInHand, and WrongState when it has ended already."""
    if task.item is not None and task.quantity:
        raise StillInHand(quantity=task.quantity, item=task.item.name)
    advance(task, to=StockTask.State.DONE, ended_at=Now())
    record(
        kind="stock.task_done", subject=task, store=task.store_id, actor=associate, device=device,
        data={"kind": task.kind},
    )  # fmt: skip
