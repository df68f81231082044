"""The yardstick: a pick as four statements in one transaction, and nothing around it.

The same tables as the product's, so the same constraints, foreign keys and triggers are paid for; prepared
statements, one connection that stays open. A program of its own, told what to do by lines on its standard input.
"""

import os
import time
from dataclasses import dataclass
from uuid import uuid4

import psycopg

from tests.bench.workers import Report, serve


@dataclass(frozen=True)
class BareLine:
    """A pick line nobody else touches: ids only."""

    line: int
    list: int
    store: int
    item: int
    bin: int
    tote: int
    associate: int


PICK = "UPDATE picking_pickline SET picked = picked + 1 WHERE id = %(line)s AND quantity - picked - short >= 1"
MOVE = """
INSERT INTO stock_move (key, store_id, item_id, source_bin_id, source_condition, target_bin_id, target_condition,
                        quantity, reason, reference, associate_id)
VALUES (%(key)s, %(store)s, %(item)s, %(bin)s, 'sellable', %(tote)s, 'sellable',
        1, 'picked', %(subject)s, %(associate)s)
"""
BALANCES = """
UPDATE stock_balance SET quantity = quantity + CASE WHEN bin_id = %(tote)s THEN 1 ELSE -1 END
WHERE item_id = %(item)s AND condition = 'sellable' AND bin_id IN (%(bin)s, %(tote)s)
"""
EVENT = """
INSERT INTO journal_event (kind, store_id, subject, actor_id, item_id, quantity, data, key)
VALUES ('picking.unit_picked', %(store)s, %(subject)s, %(associate)s, %(item)s, 1, %(data)s, %(key)s)
"""


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], prepare_threshold=0) as connection:
        serve(lambda task: run(connection, BareLine(**task["line"]), task["seconds"]))


def run(connection: psycopg.Connection, line: BareLine, seconds: float) -> Report:
    parameters = {**vars(line), "subject": f"pickline:{line.line}", "data": f'{{"list": {line.list}}}'}
    micros = []
    begin = before = time.perf_counter()
    with connection.cursor() as cursor:
        while before - begin < seconds:
            parameters["key"] = f"bare:{uuid4()}"
            cursor.execute(PICK, parameters)
            if cursor.rowcount != 1:
                raise RuntimeError("The bare list ran out of units.")
            cursor.execute(MOVE, parameters)
            cursor.execute(BALANCES, parameters)
            cursor.execute(EVENT, parameters)
            connection.commit()
            after = time.perf_counter()
            micros.append(round((after - before) * 1e6))
            before = after
    return Report(micros, seconds=before - begin)


if __name__ == "__main__":
    main()
