"""A word about an order that is not here, said by a caller who waits for an answer."""

from django.db.models import F

from stores.journal.actions.record import record
from stores.sync.actions.parked import park
from stores.sync.models import InboundMessage


def park_early(
    *, connector: str, source: str, external_id: str, topic: str, body: str, order: str, cancels: bool
) -> InboundMessage:
    """Stores the message and lets it wait for `order` (its source's id), in the caller's transaction.

    The same message again, by `external_id`, only counts the repeat; one that has ended waits anew.
    """
    message, is_new = InboundMessage.objects.get_or_create(
        source=source,
        external_id=external_id,
        defaults={"connector": connector, "topic": topic, "body": body},
    )
    if is_new:
        record(kind="sync.message_received", subject=message, data={"source": source, "topic": topic})
    else:
        InboundMessage.objects.filter(pk=message.pk).update(repeats=F("repeats") + 1)
    park(message=message, external_id=order, cancels=cancels)
    return message
