"""Loaded by pytest before the settings are: the surroundings every test may count on, whoever starts it."""

import os
from pathlib import Path

from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

# Plain http, as the test client speaks it; what differs in production is tested by overriding these settings.
os.environ["HTTPS"] = "0"
os.environ["STOREHAND_DEMO"] = "1"
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["LIVE_URL"] = ""
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["SHOPIFY_SECRETS"] = ""
# Any folder that is there: what pages need is served as it is, and only the browser tests collect it for real.
os.environ["STATIC_ROOT"] = str(Path(__file__).resolve().parent.parent / "static" / "css")
os.environ.setdefault("SECRET_KEY", "only for tests")

# An example is slow when the machine is busy: that is no word about the code. Whoever changes the code searches with
# new examples at each run; the gate takes the same ones each time, so that it refuses only what the change broke.
settings.register_profile(
    "storehand",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("storehand")

# What production gives a statement or a lock is little for dozens of threads that race on a busy machine.
PATIENT = "-c statement_timeout=300s -c lock_timeout=120s -c idle_in_transaction_session_timeout=600s"


def pytest_configure() -> None:
    django_settings.DATABASES["default"]["OPTIONS"] |= {"options": PATIENT, "connect_timeout": 60}
