"""Housekeeping, by the hour."""

from celery import shared_task

from stores.staff.actions.sweep import sweep_staff

BEAT = {"staff-sweep": {"task": "stores.staff.tasks.sweep", "schedule": 3600.0}}


@shared_task
def sweep() -> None:
    sweep_staff()
