"""Sealing: batches of rows get a hash that covers them and the seal before, so tampering shows."""

from dataclasses import dataclass

from django.db import connection, transaction

from stores.journal.models import Seal

GENESIS = "0" * 64
SEALED_TABLES = ("journal_event", "stock_move")
# One lock for all sealing: two workers must not extend one chain at the same time.
_LOCK = 5_318_008

# Every column of every row takes part. A transaction below the oldest one still running can add nothing any more.
_DIGEST_SQL = """
SELECT count(*), encode(sha256(convert_to(%s || COALESCE(string_agg(row_text, E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
FROM (SELECT id, row_to_json(sealed)::text AS row_text FROM {table} sealed
      WHERE transaction >= %s::bigint AND transaction < %s::bigint) batch
"""
_HORIZON_SQL = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True)
class BrokenSeal:
    table: str
    seal: int
    first_transaction: int
    last_transaction: int


def seal_journal() -> int:
    """Seals what is finished and not yet sealed in each table. Returns the number of rows sealed."""
    sealed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [_LOCK])
        cursor.execute(_HORIZON_SQL)
        (horizon,) = cursor.fetchone()
        for table in SEALED_TABLES:
            before = Seal.objects.filter(table=table).order_by("-first_transaction").first()
            first = before.last_transaction if before else 0
            if horizon <= first:
                continue
            rows, digest = _digest(table, before.hash if before else GENESIS, first, horizon)
            if rows:
                Seal.objects.create(
                    table=table, first_transaction=first, last_transaction=horizon, rows=rows, hash=digest
                )
                sealed += rows
    return sealed


def broken_seals() -> list[BrokenSeal]:
    """Recomputes every chain from its beginning; returns the first seal of each table that does not fit."""
    broken = []
    for table in SEALED_TABLES:
        previous = Seal(hash=GENESIS, last_transaction=0)
        for seal in Seal.objects.filter(table=table).order_by("first_transaction"):
            rows, digest = _digest(table, previous.hash, seal.first_transaction, seal.last_transaction)
            joined = seal.first_transaction == previous.last_transaction
            if (rows, digest, joined) != (seal.rows, seal.hash, True):
                broken.append(BrokenSeal(table, seal.pk, seal.first_transaction, seal.last_transaction))
                break
            previous = seal
    return broken


def _digest(table: str, previous: str, first: int, last: int) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST_SQL.format(table=connection.ops.quote_name(table)), [previous, first, last])
        rows, digest = cursor.fetchone()
    return rows, digest
