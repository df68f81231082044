"""What a lead does about a message in the exception queue. Each runs in the caller's transaction."""

from django.db.models.functions import Now

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Alias, Item, fold_code
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Store
from stores.staff.models import Associate
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import ITEMS_CONNECTOR, access_message, waiting_messages
from stores.sync.refusals import AlreadySettled, CannotRetry, CodeNotWaiting, ReasonNeeded, SettledWithItsKind

REASON_LENGTH_MAX = 200


def take_message(*, pk: int, associate: Associate, store: Store) -> InboundMessage:
    """Shows the others who sees to it. Taking it over from somebody else is allowed: shifts end."""
    message = _locked(pk)
    InboundMessage.objects.filter(pk=pk).update(owner=associate)
    record(kind="sync.message_taken", subject=message, store=store, actor=associate)
    return message


def retry_message(*, pk: int, associate: Associate, store: Store) -> InboundMessage:
    """Another round of tries. Raises CannotRetry for what never proved its sender."""
    message = _locked(pk)
    if message.reason == InboundMessage.Reason.BAD_SIGNATURE:
        raise CannotRetry
    if message.connector == ITEMS_CONNECTOR:
        raise SettledWithItsKind
    message.requeue()
    record(kind="sync.message_retried", subject=message, store=store, actor=associate)
    wake("stores.sync.tasks.apply_inbound", pk)
    return message


def link_code(*, pk: int, code: str, item: Item, associate: Associate, store: Store) -> int:
    """From now on the message's source means `item` by `code`; returns how many messages are tried again for it.

    Raises CodeNotWaiting, and AliasTaken when the code means another item by now.
    """
    message = _locked(pk)
    folded = fold_code(code)
    if folded not in message.facts.get("waiting_for", []):
        raise CodeNotWaiting(code=code)
    if not Alias.objects.filter(source=message.source, folded=folded, item=item).exists():
        add_alias(source=message.source, code=code, item=item, associate=associate)
    # Locked in one order, so that two leads who link two codes at once cannot deadlock.
    waiting = waiting_messages().filter(
        source=message.source,
        reason=InboundMessage.Reason.UNKNOWN_SKU,
        facts__waiting_for__contains=[folded],
    )
    pks = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    InboundMessage.objects.filter(pk__in=pks).update(
        state=InboundMessage.State.QUEUED, attempts=0, lease_until=None, ended_at=None, next_try_at=Now()
    )
    record(
        kind="sync.code_linked",
        subject=message,
        store=store,
        actor=associate,
        item=item,
        quantity=len(pks),
        data={"source": message.source, "code": code},
    )
    wake("stores.sync.tasks.apply_inbound", pk)
    wake("stores.sync.tasks.sweep")
    return len(pks)


def dismiss_message(*, pk: int, reason: str, associate: Associate, store: Store) -> InboundMessage:
    """Takes it out of the queue for good; the message itself stays. Raises ReasonNeeded."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_LENGTH_MAX or not reason.isprintable():
        raise ReasonNeeded
    message = _locked(pk)
    InboundMessage.objects.filter(pk=pk).update(dismissed_reason=reason, owner=associate)
    record(
        kind="sync.message_dismissed", subject=message, store=store, actor=associate, data={"reason": message.reason}
    )
    return message


def _locked(pk: int) -> InboundMessage:
    """The message, locked, while it still waits for a person. Raises NotFound and AlreadySettled."""
    message = access_message(pk=pk, lock=True)
    if message.dismissed_reason or message.state != InboundMessage.State.FAILED:
        state = message.dismissed_reason or message.get_state_display()
        raise AlreadySettled(state=state)
    return message
