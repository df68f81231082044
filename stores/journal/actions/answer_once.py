"""One request, one effect: the entry point of everything that writes."""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from stores.journal.models import Receipt
from stores.refusals import Refusal

Answer = dict[str, Any]

RETRIABLE = {"40P01", "40001"}  # deadlock detected, serialization failure
KEY_LENGTH_MAX = 64

# Every write of the house ends with this one: the ORM takes longer to put it together than PostgreSQL to run it.
# The escape of a NUL, not preceded by a backslash of its own.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_STORE_SQL = "INSERT INTO journal_receipt (scope, key, body_hash, answer) VALUES (%s, %s, %s, %s)"

T = TypeVar("T")


class KeyReused(Refusal):
    code = "key_reused"
    title = _("This request was already used for something else")
    advice = _("Reload the page and try again.")
    status = 422


class KeyInvalid(Refusal):
    code = "key_invalid"
    title = _("This request carries no usable key")
    advice = _("Reload the page and try again.")
    status = 422


@dataclass(frozen=True)
class Outcome:
    """What a request was answered. `repeated` tells that the answer is an old one and nothing was done now."""

    answer: Answer
    repeated: bool


def answer_once(
    *, scope: str, key: str, body: object, act: Callable[[], Answer], on_refusal: Callable[[Refusal], Answer]
) -> Outcome:
    """Runs `act` in one durable transaction and stores its answer under (scope, key).

    The same key again returns the stored answer; with another `body` (any JSON value) it raises KeyReused. A Refusal
    undoes everything `act` did and is remembered as the answer `on_refusal` makes of it. Deadlocks and serialization
    failures are tried again outside the block. Any other failure leaves nothing behind.
    """
    if not key or len(key) > KEY_LENGTH_MAX or not key.isprintable():
        raise KeyInvalid
    body_hash = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()

    def attempt() -> Answer:
        # Acting first and storing last costs no look-up on the usual road; a taken key undoes the act.
        with transaction.atomic(durable=True):
            answer = act()
            _store(scope, key, body_hash, answer)
            return answer

    try:
        return Outcome(retrying(attempt), repeated=False)
    except Refusal as refusal:
        answer = on_refusal(refusal)
        try:
            with transaction.atomic(durable=True):
                _store(scope, key, body_hash, answer)
            return Outcome(answer, repeated=False)
        except IntegrityError as taken:
            return _recall(scope, key, body_hash, taken)
    except IntegrityError as taken:
        # The key was taken at the receipt, or already at a row that `act` wrote under it.
        return _recall(scope, key, body_hash, taken)


def retrying(attempt: Callable[[], T]) -> T:
    """Calls `attempt`, which opens its own transaction, again when PostgreSQL broke a deadlock at its expense."""
    for pause in (0.01, 0.03, 0.1, 0.3):
        try:
            return attempt()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in RETRIABLE:
                raise
            time.sleep(pause)
    return attempt()


def _store(scope: str, key: str, body_hash: str, answer: Answer) -> None:
    with connection.cursor() as cursor:
        # An answer may quote what came, and jsonb takes no NUL.
        written = _NUL.sub(r"\1\\ufffd", json.dumps(answer))
        cursor.execute(_STORE_SQL, [scope, key, body_hash, written])


def _recall(scope: str, key: str, body_hash: str, taken: IntegrityError) -> Outcome:
    receipt = Receipt.objects.filter(scope=scope, key=key).first()
    if receipt is None:
        raise taken
    if receipt.body_hash != body_hash:
        raise KeyReused
    return Outcome(receipt.answer, repeated=True)
