"""What must always be true of messages and webhooks (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "an applied message became an order that is here",
        """
        SELECT message.id, message.subject FROM sync_inboundmessage message
        WHERE message.state = 'done' AND message.subject LIKE 'order:%' AND NOT EXISTS (
            SELECT 1 FROM orders_order placed WHERE 'order:' || placed.id = message.subject
        )
        """,
    ),
    Invariant(
        "a message that waits for a person says why",
        "SELECT id FROM sync_inboundmessage WHERE state = 'failed' AND reason = ''",
    ),
    Invariant(
        "what never proved its sender has no effect",
        "SELECT id FROM sync_inboundmessage WHERE reason = 'bad_signature' AND (state <> 'failed' OR subject <> '')",
    ),
    Invariant(
        "a webhook is owed only for an event that happened",
        """
        SELECT delivery.id FROM sync_webhookdelivery delivery
        WHERE NOT EXISTS (SELECT 1 FROM journal_event event WHERE event.id = delivery.event_id)
        """,
    ),
]
