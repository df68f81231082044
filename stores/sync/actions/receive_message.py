"""Storing what another system sends, before anything is done with it."""

import base64
import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.refusals import Refusal
from stores.sync.actions.apply_message import hold
from stores.sync.models import InboundMessage

# What cannot prove its sender is kept to be seen, not to fill the disk.
UNPROVEN_PER_HOUR_MAX = 20
UNPROVEN_BODY_LENGTH_MAX = 2_000
# No genuine id has a colon (receivers refuse those), so nobody can burn one by forging.
UNPROVEN = "unproven:"


def receive_message(*, connector: str, source: str, external_id: str, topic: str, body: bytes) -> InboundMessage:
    """Stores a message whose sender is proven, and wakes a worker. The same id again only counts the repeat.

    `external_id` holds no colon. A body that is no text PostgreSQL can hold is stored as "base64:…".
    """
    with transaction.atomic(durable=True):
        message, is_new = InboundMessage.objects.get_or_create(
            source=source,
            external_id=external_id,
            defaults={"connector": connector, "topic": topic, "body": _as_text(body)},
        )
        if is_new:
            record(kind="sync.message_received", subject=message, data={"source": source, "topic": topic})
            wake("stores.sync.tasks.apply_inbound", message.pk)
        else:
            _count_repeat(message)
    return message


def keep_unproven(*, connector: str, source: str, topic: str, body: bytes) -> InboundMessage | None:
    """Keeps a message with a wrong signature where a person sees it: shortened, once for the same content.

    Returns None when this hour's share is used up. Never applied, and never mistaken for a genuine message.
    """
    digest = hashlib.sha256(b"\n".join([connector.encode(), source.encode(), topic.encode(), body])).hexdigest()
    with transaction.atomic(durable=True):
        same = InboundMessage.objects.filter(source=source, external_id=UNPROVEN + digest).first()
        if same:
            _count_repeat(same)
            return same
        lately = InboundMessage.objects.filter(
            state=InboundMessage.State.FAILED,
            reason=InboundMessage.Reason.BAD_SIGNATURE,
            created_at__gt=Now() - timedelta(hours=1),
        )
        if lately.count() >= UNPROVEN_PER_HOUR_MAX:
            return None
        message, is_new = InboundMessage.objects.get_or_create(
            source=source,
            external_id=UNPROVEN + digest,
            defaults={
                "connector": connector,
                "topic": topic,
                "body": _as_text(body[:UNPROVEN_BODY_LENGTH_MAX]),
                "state": InboundMessage.State.FAILED,
                "reason": InboundMessage.Reason.BAD_SIGNATURE,
                "facts": {"length": len(body)},
                "ended_at": Now(),
            },
        )
        if is_new:
            data = {"source": source, "topic": topic, "reason": InboundMessage.Reason.BAD_SIGNATURE.value}
            record(kind="sync.message_held", subject=message, data=data)
        return message


def keep_refused(
    *, connector: str, source: str, external_id: str, topic: str, body: str, refusal: Refusal
) -> InboundMessage:
    """Keeps what was refused in the caller's face, so that somebody here can mend it and have it applied after all.

    The newest body under one id counts: the caller may have sent a better one since.
    """
    with transaction.atomic(durable=True):
        message, is_new = InboundMessage.objects.get_or_create(
            source=source,
            external_id=external_id,
            defaults={"connector": connector, "topic": topic, "body": body},
        )
        if not is_new:
            _count_repeat(message)
            if message.state == InboundMessage.State.DONE:
                return message
            InboundMessage.objects.filter(pk=message.pk).update(body=body, dismissed_reason="")
        hold(message, refusal)
    return message


def settle_refused(*, source: str, external_id: str, became: str) -> None:
    """Takes a kept message out of the exception queue, in the caller's transaction: its sender mended it."""
    for message in InboundMessage.objects.filter(
        source=source, external_id=external_id, state=InboundMessage.State.FAILED
    ):
        InboundMessage.objects.filter(pk=message.pk).update(subject=became)
        message.done()
        record(kind="sync.message_applied", subject=message, data={"source": source, "became": became})


def _count_repeat(message: InboundMessage) -> None:
    InboundMessage.objects.filter(pk=message.pk).update(repeats=F("repeats") + 1)


def _as_text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    return text if "\0" not in text else "base64:" + base64.b64encode(body).decode()
