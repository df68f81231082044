"""Work that may be left to somebody else, but waits for nobody."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")

_LOCK_NOT_AVAILABLE = "55P03"
# PostgreSQL looks for a deadlock after a second of waiting: whoever gives up sooner is never part of one.
_PATIENCE_MS_MAX = 500


class SomebodyHolds(Exception):  # Not an error: the work is done later.
    """A row the work needs is in somebody else's hands. What it had done is undone."""


def without_waiting(act: Callable[[], T], *, patience_ms: int = 1) -> T:
    """What `act` returns, in a savepoint of the caller's transaction. Raises SomebodyHolds.

    For work that needs locks out of their order: it waits no longer than `patience_ms` (at least 1) for any of them.
    """
    if not 1 <= patience_ms <= _PATIENCE_MS_MAX:
        raise AssertionError(patience_ms)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            before = cursor.fetchone()[0]
            # The end of the transaction, or of the savepoint, takes it back where this does not come so far.
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience_ms}ms"])
            done = act()
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
            return done
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise SomebodyHolds from error
