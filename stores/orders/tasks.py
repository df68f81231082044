"""What may be woken for orders."""

from celery import shared_task

from stores.orders.actions.retry_backorders import retry_backorders

BEAT = {"orders-sweep": {"task": "stores.orders.tasks.sweep", "schedule": 60.0}}


@shared_task
def retry_backorders_of(item_id: int) -> None:
    """Some units of this item may be promised again."""
    retry_backorders(item_id=item_id)


@shared_task
def sweep() -> None:
    """For wake-ups that were lost."""
    retry_backorders()
