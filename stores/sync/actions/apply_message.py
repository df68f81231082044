"""A stored message takes effect, once."""

import json
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from django.db import transaction

from stores.journal.actions.answer_once import retrying
from stores.journal.actions.record import record
from stores.refusals import Refusal
from stores.sync.actions.parked import park
from stores.sync.hooks import handler_of
from stores.sync.models import InboundMessage
from stores.sync.refusals import NeedsPerson, NotHereYet, UnknownTopic

# Five tries; what still fails then is poison, and waits for a person while the rest flows.
RETRY_SECONDS = (5, 30, 120, 600)
TRIES_MAX = len(RETRY_SECONDS) + 1

log = structlog.get_logger(__name__)


def apply_message(*, pk: int) -> None:
    """Applies a waiting message. What a person must decide ends in the exception queue with reason and facts.

    May run any number of times: whoever cannot claim the row leaves it alone, and effect and state commit together.
    """
    if not InboundMessage.queue.claim(pk):
        return
    message = InboundMessage.objects.get(pk=pk)
    if message.attempts > TRIES_MAX:
        # Whoever tried before never came back to say why: it may be this message that kills workers.
        with transaction.atomic(durable=True):
            _hold(message, InboundMessage.Reason.ERROR, {"error": "WorkerLost", "tries": TRIES_MAX})
        return
    try:
        retrying(partial(_apply, message))
    except NotHereYet as early:
        retrying(partial(_park, message, early))
    except Refusal as refusal:
        with transaction.atomic(durable=True):
            hold(message, refusal)
    except Exception as error:  # noqa: BLE001  # A poison message may break anything; the queue goes on.
        _try_later(message, error)


def _apply(message: InboundMessage) -> None:
    with transaction.atomic(durable=True):
        handler = handler_of(message.connector, message.topic)
        if handler is None:
            raise UnknownTopic(topic=message.topic)
        became = handler(message)
        InboundMessage.objects.filter(pk=message.pk).update(subject=became, reason="", facts={})
        message.done()
        record(
            kind="sync.message_applied",
            subject=message,
            data={"source": message.source, "topic": message.topic, "became": became},
        )


def _park(message: InboundMessage, early: NotHereYet) -> None:
    with transaction.atomic(durable=True):
        park(message=message, external_id=early.facts["external_id"], cancels=early.facts["cancels"])


def hold(message: InboundMessage, refusal: Refusal) -> None:
    """Puts the message into the exception queue, in the caller's transaction."""
    reason = refusal.reason if isinstance(refusal, NeedsPerson) else InboundMessage.Reason.REFUSED
    facts = {**_plain(refusal.facts), "refusal": refusal.code}
    if not isinstance(refusal, NeedsPerson):
        facts |= {"headline": refusal.headline, "detail": refusal.detail}
    _hold(message, reason, facts)


def _hold(message: InboundMessage, reason: InboundMessage.Reason, facts: dict[str, Any]) -> None:
    InboundMessage.objects.filter(pk=message.pk).update(reason=reason, facts=facts)
    message.failed(str(reason.value))
    record(
        kind="sync.message_held",
        subject=message,
        data={"source": message.source, "topic": message.topic, "reason": reason.value},
    )


def _try_later(message: InboundMessage, error: Exception) -> None:
    # The class and the place, never the text: an error's text may quote the customer.
    name, frame = type(error).__name__, extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    log.error("message_not_applied", message=message.pk, attempt=message.attempts, error=name, where=where)
    with transaction.atomic(durable=True):
        message.retry_later(name, delays=RETRY_SECONDS)
        if message.state == InboundMessage.State.FAILED:
            _hold(message, InboundMessage.Reason.ERROR, {"error": name, "where": where, "tries": message.attempts})


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON values; what is none (a lazy text, a row) is written out."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return plain
