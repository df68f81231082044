"""What may be woken for notices."""

from celery import shared_task

from stores.notices.actions.deliver import deliver_notice
from stores.notices.models import Notice

BEAT = {"notices-sweep": {"task": "stores.notices.tasks.sweep", "schedule": 10.0}}
SWEEP_MAX = 200
# A wake-up older than this has been made up for by the sweeper.
STALE_SECONDS = 30


@shared_task
def send_notice(pk: int) -> None:
    deliver_notice(pk=pk)


@shared_task
def sweep() -> None:
    """For lost wake-ups, dead workers and mail servers that were down."""
    for pk in Notice.queue.due().order_by("next_try_at").values_list("pk", flat=True)[:SWEEP_MAX]:
        send_notice.apply_async((pk,), expires=STALE_SECONDS)
