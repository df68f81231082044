"""What may be woken for the journal."""

from celery import shared_task

from stores.journal.actions.seal import seal_journal

BEAT = {"journal-seal": {"task": "stores.journal.tasks.seal", "schedule": 60.0}}


@shared_task
def seal() -> None:
    seal_journal()
