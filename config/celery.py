"""Celery wakes; the database is the queue. Each app's tasks.py says what may be woken and how often."""

import os
from importlib import import_module

from celery import Celery
from django.apps import apps
from django.utils.module_loading import module_has_submodule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("storehand")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def collect_beat(sender: Celery, **_signal: object) -> None:
    """Every app's tasks.py names its own rounds in BEAT; the clock is told of all of them here."""
    for module in apps.get_app_configs():
        tasks = import_module(f"{module.name}.tasks") if module_has_submodule(module.module, "tasks") else None
        sender.conf.beat_schedule.update(getattr(tasks, "BEAT", {}))
