"""The live server: `/live/…` only. Pages and the API are the WSGI application."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from pickup.live.application import LiveApplication  # noqa: E402  # Needs the apps to be loaded.

application = LiveApplication(redis_url=settings.REDIS_URL, site_url=settings.SITE_URL)
