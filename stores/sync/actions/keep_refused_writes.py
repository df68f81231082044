"""What systems said about items and nobody could take: each waits, once, in the exception queue."""

import json
from collections import Counter
from collections.abc import Sequence

from django.db import connection

from stores.catalog.hooks import RefusedWrite
from stores.journal.actions.record import record
from stores.sync.queries.item_exceptions import CONNECTOR

# In the order of their ids, so that two imports at once cannot deadlock. What is said again is only counted, settled
# or not: a person decided it, or will.
KEEP_SQL = """
INSERT INTO sync_inboundmessage
    (connector, source, external_id, topic, body, reason, facts, state, last_error, attempts, repeats, subject,
     dismissed_reason, ended_at)
SELECT %(connector)s, given.source, given.external_id, given.topic, given.body, given.reason, given.facts::jsonb,
       'failed', given.reason, 0, 0, '', '', now()
FROM unnest(
    %(sources)s::text[], %(ids)s::text[], %(topics)s::text[], %(bodies)s::text[], %(reasons)s::text[], %(facts)s::text[]
) AS given (source, external_id, topic, body, reason, facts)
ORDER BY given.source, given.external_id
ON CONFLICT (source, external_id) DO UPDATE SET repeats = sync_inboundmessage.repeats + 1
RETURNING source, external_id, reason, repeats = 0
"""


def keep_refused_writes(writes: Sequence[RefusedWrite]) -> set[str]:
    """Keeps them in the caller's transaction; returns the external ids that were here before, waiting or settled."""
    if not writes:
        return set()
    unique = list({(write.source, write.external_id): write for write in writes}.values())
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP_SQL,
            {
                "connector": CONNECTOR,
                "sources": [write.source for write in unique],
                "ids": [write.external_id for write in unique],
                "topics": [write.topic for write in unique],
                "bodies": [write.body for write in unique],
                "reasons": [write.reason for write in unique],
                "facts": [json.dumps(write.facts, default=str) for write in unique],
            },
        )
        rows = cursor.fetchall()
    new = Counter((source, reason) for source, _id, reason, is_new in rows if is_new)
    for (source, reason), count in sorted(new.items()):
        record(
            kind="sync.item_writes_held",
            subject=f"items:{source}",
            quantity=count,
            data={"source": source, "reason": reason},
        )
    return {external_id for _source, external_id, _reason, is_new in rows if not is_new}
