"""What every test gets: an audit of the record when it is over."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker

from stores.journal.actions.seal import broken_seals
from stores.journal.audit import find_defects

# How long every browser test waits for what is to come, and no test waits less: beside a whole server stack and another
# browser, a page on two slow cores may not run for seconds. What must be quick is measured inside the page.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[None]:
    """Pages name static files as they are."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with transactions of their own empty every table afterwards, which the record forbids everybody else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%_never_emptied'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What a request of the test before spoke is nobody's language now: the thread keeps it."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> Iterator[None]:
    """`manage.py audit` is empty after every test that touched the database.

    A test that breaks the record on purpose says so with the mark `breaks_the_record`.
    """
    marked = request.node.get_closest_marker("django_db") is not None
    uses_database = marked or bool(DATABASE_FIXTURES & set(request.fixturenames))
    if uses_database and not request.node.get_closest_marker("breaks_the_record"):
        names = set(request.fixturenames) & DATABASE_FIXTURES
        for name in names or {"transactional_db" if _transactional(request) else "db"}:
            request.getfixturevalue(name)
        yield
        if not connection.needs_rollback:
            assert list(find_defects()) == []
            assert broken_seals() == []
    else:
        yield


def _transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))
