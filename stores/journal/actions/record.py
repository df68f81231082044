"""Writing the journal."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from stores.journal import wakeups
from stores.journal.hooks import tell_recorded
from stores.journal.models import Event

if TYPE_CHECKING:
    from stores.models import Device, Store

# What changes a board somebody may be looking at. A single pick does not: boards count lists, not scans.
LIVE_KINDS = ("pickup.", "orders.", "picking.list_", "printing.", "sync.", "stock.count")


def record(
    *,
    kind: str,
    subject: Model | str,
    store: "Store | int | None" = None,
    actor: Model | None = None,
    device: "Device | None" = None,
    item: Model | None = None,
    quantity: int | None = None,
    seconds: int | None = None,
    occurred_at: datetime | None = None,
    data: dict[str, Any] | None = None,
    key: str = "",
) -> Event:
    """Writes one event in the caller's transaction and wakes live boards on commit.

    `subject` is a model instance (`fulfillment:12`) or such a string; `data` holds no personal data.
    """
    store_id = store if isinstance(store, int) or store is None else store.pk
    event = Event(
        kind=kind,
        subject=subject if isinstance(subject, str) else subject_of(subject),
        store_id=store_id,
        actor_id=actor.pk if actor else None,
        device_id=device.pk if device else None,
        item_id=item.pk if item else None,
        quantity=quantity,
        seconds=seconds,
        data=data or {},
        key=key,
    )
    if occurred_at:
        event.occurred_at = occurred_at
    event.save(force_insert=True)
    announce_event(kind=kind, store_id=store_id)
    return event


def announce_event(*, kind: str, store_id: int | None) -> None:
    """For actions whose one statement writes its own event: only the wake-up on commit."""
    if kind.startswith(LIVE_KINDS):
        wakeups.announce(store_id, kind)
    tell_recorded(kind)


def subject_of(row: Model) -> str:
    return f"{row._meta.model_name}:{row.pk}"
