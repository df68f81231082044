"""The yardstick for questions: one statement, asked again and again over one connection, and nothing around it.

A program of its own, told the statement by lines on its standard input; prepared, as the product's are.
"""

import os
import time
from typing import Any

import psycopg

from tests.bench.workers import Report, serve


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], prepare_threshold=0, autocommit=True) as connection:
        serve(lambda task: run(connection, task["sql"], task["parameters"], task["rows"], task["seconds"]))


def run(connection: psycopg.Connection, sql: str, parameters: dict[str, Any], rows: int, seconds: float) -> Report:
    micros = []
    begin = before = time.perf_counter()
    with connection.cursor() as cursor:
        while before - begin < seconds:
            cursor.execute(sql.encode(), parameters)
            if len(cursor.fetchall()) != rows:
                raise RuntimeError(f"{rows} rows were expected.")
            after = time.perf_counter()
            micros.append(round((after - before) * 1e6))
            before = after
    return Report(micros, seconds=before - begin)


if __name__ == "__main__":
    main()
