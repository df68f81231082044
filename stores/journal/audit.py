"""The invariants of the whole house. Each app registers its own, as SQL whose every row is a defect."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

ROWS_SHOWN_MAX = 20


@dataclass(frozen=True)
class Invariant:
    """`sql` selects what breaks the promise `name`; its columns say where."""

    name: str
    sql: str


@dataclass(frozen=True)
class Defect:
    invariant: str
    where: dict[str, Any]


_invariants: list[Invariant] = []


def register(invariants: Iterable[Invariant]) -> None:
    _invariants.extend(invariants)


def registered() -> list[Invariant]:
    return list(_invariants)


def find_defects() -> Iterator[Defect]:
    """Runs every invariant; yields at most ROWS_SHOWN_MAX defects of each."""
    with connection.cursor() as cursor:
        for invariant in _invariants:
            cursor.execute(invariant.sql)
            columns = [column.name for column in cursor.description]
            for row in cursor.fetchmany(ROWS_SHOWN_MAX):
                yield Defect(invariant.name, dict(zip(columns, row, strict=True)))
