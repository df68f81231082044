"""Production's settings, and one page more: the one that does nothing.

The requests say `X-Forwarded-Proto: https`, as the front server would, so nothing is loosened for the measurement.
"""

from config.settings import *  # noqa: F403  # Everything, as it is.
from config.settings import STORAGES

ROOT_URLCONF = "tests.bench.urls"
# No answer to a scan names a static file; collecting them would take longer than the smoke test.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
