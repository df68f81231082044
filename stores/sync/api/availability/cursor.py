"""A follower's place in the change feed, as the text it carries: opaque, and signed so that we need not doubt it."""

import hashlib
from collections.abc import Sequence

from django.core import signing

from stores.stock.queries.changes import Horizon, Position
from stores.sync.api.availability.errors import CursorTooOld

LENGTH_MAX = 400
# A dot needs no escaping in an address.
_SIGNER = signing.Signer(salt="availability.changes", sep=".")


def cursor_of(position: Position, *, database: str, stores: Sequence[int] | None, kept_back: int) -> str:
    return _SIGNER.sign_object(
        [_digest(database, stores), kept_back, position.rows, position.marks, position.snapshot], compress=True
    )


def position_of(cursor: str, *, horizon: Horizon, stores: Sequence[int] | None, kept_back: int) -> Position | None:
    """The place behind a cursor; None when what its channel sees has changed, so that all must be read again.

    Raises CursorTooOld when what it was told is not what is here: after a restore, or for other stores.
    """
    if len(cursor) > LENGTH_MAX:
        raise CursorTooOld
    try:
        digest, seen_kept_back, rows, marks, snapshot = _SIGNER.unsign_object(cursor)
    except signing.BadSignature as error:
        raise CursorTooOld from error
    if digest != _digest(horizon.database, stores) or rows[0] > horizon.transaction:
        raise CursorTooOld
    if seen_kept_back != kept_back:
        return None
    return Position(tuple(rows), tuple(marks), tuple(snapshot) if snapshot else None)


def _digest(database: str, stores: Sequence[int] | None) -> str:
    followed = "all" if stores is None else sorted(set(stores))
    return hashlib.sha256(f"{database} {followed}".encode()).hexdigest()[:16]
