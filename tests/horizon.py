"""How far followers of availability may read, in a server that other tests' databases share."""

import time

import pytest
from django.db import connection

from stores.stock.queries import changes

_XMIN = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# Transaction ids are the whole server's, so a test of another database holds the product's horizon back while it runs.
# This one looks at this database alone. That misses nobody here, where all sessions are of one role, which may see
# them all; elsewhere it would.
_HERE = """(
    SELECT LEAST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, min(backend_xid::text::bigint))
    FROM pg_stat_activity WHERE datname = current_database()
)"""


def look_here_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _XMIN in changes._HORIZON_SQL
    monkeypatch.setattr(changes, "_HORIZON_SQL", changes._HORIZON_SQL.replace(_XMIN, _HERE))


def last_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1")
        return int(cursor.fetchone()[0])


def wait_for_horizon() -> None:
    """Until all that has been written so far is below it."""
    written = last_transaction()
    # Another worker's test may hold a transaction of its own open for as long as it lasts.
    for _try in range(6000):
        if changes.read_horizon().transaction > written:
            return
        time.sleep(0.05)
    raise AssertionError("The horizon did not move.")
