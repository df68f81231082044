"""What may be woken for stock."""

from celery import shared_task

from stores.stock.actions.expire_reservations import expire_reservations

# No claim may be held a minute past its time: four rounds a minute leave room for a missed one.
BEAT = {"stock-expire": {"task": "stores.stock.tasks.expire", "schedule": 15.0}}


@shared_task
def expire() -> None:
    expire_reservations()
