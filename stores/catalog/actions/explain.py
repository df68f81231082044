"""Who changes items, and why: told to the database for the rest of the transaction."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

from stores.catalog.models import ChangeRequest, System

REASON_LENGTH_MAX = 200
_SET_SQL = "SELECT set_config('storehand.change', %s::text, true)"


@contextmanager
def explained(
    *,
    reason: str,
    system: System = System.STOREHAND,
    associate: Model | None = None,
    request: ChangeRequest | None = None,
) -> Iterator[None]:
    """Items may be changed inside this block; the history names `system`, `associate`, `reason` and `request`.

    Must run inside a transaction. A trigger writes the history, and refuses a change outside such a block.
    """
    why = {
        "system": system,
        "associate": associate.pk if associate else None,
        "request": request.pk if request else None,
        "reason": reason[:REASON_LENGTH_MAX],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SET_SQL, [json.dumps(why)])
    yield
    with connection.cursor() as cursor:
        cursor.execute(_SET_SQL, [""])
