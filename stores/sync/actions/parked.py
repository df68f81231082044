"""What is said about an order before the order itself is here."""

from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.orders.models import Order
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import waiting_messages

# Messages come in any order, and up to a week late.
WAIT = timedelta(days=7)


def take_turn(*, source: str, external_id: str) -> None:
    """Until the transaction ends nobody else places this order, or says something about it.

    Without this a cancellation could look for the order a moment before it is there and be parked a moment after.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sync.order:{source}:{external_id}"])


def park(*, message: InboundMessage, external_id: str, cancels: bool) -> None:
    """Lets the message wait for its order, in the caller's transaction; after a week it ends without effect.

    The order itself may wait in the exception queue: when all of it is cancelled nobody need mend it any more.
    """
    take_turn(source=message.source, external_id=external_id)
    fields = {"state": InboundMessage.State.QUEUED, "attempts": 0, "lease_until": None}
    if Order.objects.filter(source=message.source, external_id=external_id).exists():
        InboundMessage.objects.filter(pk=message.pk).update(**fields, next_try_at=Now())
        wake("stores.sync.tasks.apply_inbound", message.pk)
        return
    if message.created_at <= timezone.now() - WAIT:
        message.done()
        record(kind="sync.message_applied", subject=message, data=_told(message))
        return
    InboundMessage.objects.filter(pk=message.pk).update(
        **fields, next_try_at=message.created_at + WAIT, facts={"waits_for": external_id}
    )
    record(kind="sync.message_parked", subject=message, data=_told(message))
    if cancels:
        _drop_kept(message.source, external_id)


def unpark(*, source: str, external_id: str) -> None:
    """The order is here: what waits for it is applied, the oldest first. In the caller's transaction."""
    waiting = InboundMessage.objects.filter(
        source=source, state=InboundMessage.State.QUEUED, facts__waits_for=external_id
    ).order_by("pk")
    for pk in list(waiting.select_for_update().values_list("pk", flat=True)):
        InboundMessage.objects.filter(pk=pk).update(next_try_at=Now(), facts={})
        record(kind="sync.message_retried", subject=f"inboundmessage:{pk}", data={"source": source})
        wake("stores.sync.tasks.apply_inbound", pk)


def _drop_kept(source: str, external_id: str) -> None:
    for message in waiting_messages().filter(source=source, facts__summary__external_id=external_id).order_by("pk"):
        InboundMessage.objects.filter(pk=message.pk).update(dismissed_reason=_("Cancelled where it came from"))
        record(kind="sync.message_dismissed", subject=message, data={"reason": message.reason})


def _told(message: InboundMessage) -> dict[str, str]:
    return {"source": message.source, "topic": message.topic, "became": ""}
