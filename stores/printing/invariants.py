"""What must always be true of labels (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "a reprint says what its original says",
        """
        SELECT copy.id, copy.reprint_of_id FROM printing_printjob copy
        JOIN printing_printjob original ON original.id = copy.reprint_of_id
        WHERE copy.content <> original.content OR copy.store_id <> original.store_id
        """,
    ),
    Invariant(
        "a label is done only after it was sent",
        "SELECT id FROM printing_printjob WHERE state IN ('done', 'unknown') AND sending_at IS NULL",
    ),
    Invariant(
        "every label that ended has its event",
        """
        SELECT job.id, job.state FROM printing_printjob job
        WHERE job.state IN ('done', 'unknown', 'failed') AND NOT EXISTS (
            SELECT 1 FROM journal_event event WHERE event.subject = 'printjob:' || job.id
            AND event.kind IN ('printing.printed', 'printing.unknown', 'printing.failed')
        )
        """,
    ),
]
