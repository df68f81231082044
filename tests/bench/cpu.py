"""Seconds of processor time used by the page server and by PostgreSQL, from /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    total = 0
    for pid in pids:
        fields = _stat(pid)
        if fields:
            total += int(fields[11]) + int(fields[12])  # utime and stime, fields 14 and 15 of proc(5).
    return total / TICKS


def with_children(pid: int) -> list[int]:
    """The process and all that it started."""
    parents = {int(path.name): int(fields[1]) for path in Path("/proc").glob("[0-9]*") if (fields := _stat(path.name))}
    found = [pid]
    for parent in found:
        found.extend(child for child, its_parent in parents.items() if its_parent == parent)
    return found


def database_pids() -> list[int]:
    """PostgreSQL's own processes, but for the one that serves us; none when it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        pids = [pid for (pid,) in cursor.fetchall()]
    return [pid for pid in pids if "postgres" in _name(pid)]


def _stat(pid: int | str) -> list[str]:
    try:
        # The name in brackets may hold anything, so count from behind it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""
