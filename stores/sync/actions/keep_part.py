"""One part of a message that only a person can place, while the rest of it is applied."""

from django.db.models import F

from stores.refusals import Refusal
from stores.sync.actions.apply_message import hold
from stores.sync.models import InboundMessage


def keep_part(
    *, connector: str, source: str, external_id: str, topic: str, body: str, refusal: Refusal
) -> InboundMessage:
    """Keeps the part in the exception queue, in the caller's transaction, as a message of its own.

    `external_id` holds a colon, which no sender's does. The newest body counts. What somebody has dismissed stays so:
    a shop that says the same every day is not asked about every day.
    """
    part, is_new = InboundMessage.objects.get_or_create(
        source=source, external_id=external_id, defaults={"connector": connector, "topic": topic, "body": body}
    )
    if not is_new:
        InboundMessage.objects.filter(pk=part.pk).update(body=body, repeats=F("repeats") + 1)
        if part.state != InboundMessage.State.DONE:
            return part
    hold(part, refusal)
    return part
