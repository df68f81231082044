"""Several things at the same moment, each on its own database connection."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import TypeVar

from django.db import connection

# Only ends what hangs: on a busy machine a thread may wait long for its turn.
HANG_SECONDS = 120

T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    """The answers, in order. An exception of any of them is raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            start.wait(HANG_SECONDS)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def wait_until(happened: Callable[[], bool]) -> None:
    patience = time.monotonic() + HANG_SECONDS
    while not happened():
        assert time.monotonic() < patience, "it did not come about"
        time.sleep(0.02)


def somebody_waits() -> bool:
    """Whether another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None


class Meeting:
    """Keeps two in step from one meeting to the next, unless a lock of the first keeps the second out."""

    def __init__(self) -> None:
        self._times: Counter[int] = Counter()

    def wait(self) -> None:
        me = get_ident()
        self._times[me] += 1
        mine = self._times[me]
        wait_until(lambda: sum(times >= mine for times in list(self._times.values())) > 1 or somebody_waits())
