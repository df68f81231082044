"""Celery wakes; the database is the queue. Each app's tasks.py says what may be woken and how often."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("storehand")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
