"""Badge and PIN: counted first, checked second."""

import re
from math import ceil

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.errors import BadgeLocked, NotABadge, TryLater, WrongBadgeOrPin
from stores.staff.models import MISSES_MAX, Associate, BadgeTries

# Seconds to wait after the first, second … ninth miss; the tenth locks the badge.
DELAYS = (0, 0, 1, 2, 4, 8, 15, 30, 60)
PIN_LENGTH_MAX = 64

_BADGE = re.compile(r"(?:B:)?([0-9A-Z]{3,16})", re.ASCII)

# One guarded statement: of any number of guesses sent at once, each waits for the row and then meets the count and
# the waiting time that the one before it left.
_COUNT = """
    INSERT INTO staff_badgetries AS tries (badge, misses, next_try_at)
    VALUES (%s, 1, clock_timestamp())
    ON CONFLICT (badge) DO UPDATE
    SET misses = tries.misses + 1,
        next_try_at = clock_timestamp() + make_interval(secs => (%s::int[])[tries.misses + 1])
    WHERE tries.misses < %s AND tries.next_try_at <= clock_timestamp()
    RETURNING misses
"""


def read_badge(text: str) -> str:
    """The badge in what was scanned (`B:4711`) or typed (`4711`). Raises NotABadge."""
    found = _BADGE.fullmatch(text.strip().upper())
    if found is None:
        raise NotABadge
    return found[1]


def check_pin(*, badge: str, pin: str, store: Store | None, device: Device | None = None) -> Associate:
    """The active associate with this badge and this PIN.

    Raises NotABadge, WrongBadgeOrPin, TryLater or BadgeLocked. Never call it inside a transaction, where a rollback
    would undo the count: it refuses to (RuntimeError). A badge nobody has is counted, delayed and locked like any
    other and costs the same argon2 time.
    """
    badge = read_badge(badge)
    misses = _count(badge)
    associate = Associate.objects.filter(badge=badge, is_active=True).first()
    if _matches(associate, pin[:PIN_LENGTH_MAX]) and associate is not None:
        # A wrong guess that another device made meanwhile is forgiven too: the owner of the PIN is here.
        BadgeTries.objects.filter(badge=badge).update(misses=0, next_try_at=Now())
        return associate
    locks = misses >= MISSES_MAX
    record(
        kind="staff.locked_out" if locks else "staff.sign_in_refused",
        subject=associate or "associate:unknown",
        store=store,
        actor=None,
        device=device,
        data={"misses": misses},
    )
    raise BadgeLocked if locks else WrongBadgeOrPin


def _count(badge: str) -> int:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT, [badge, [*DELAYS, 0], MISSES_MAX])
        counted = cursor.fetchone()
    if counted:
        return int(counted[0])
    tries = BadgeTries.objects.annotate(wait=F("next_try_at") - Now()).get(badge=badge)
    if tries.misses >= MISSES_MAX:
        raise BadgeLocked
    raise TryLater(seconds=max(ceil(tries.wait.total_seconds()), 1))


def _matches(associate: Associate | None, pin: str) -> bool:
    if associate is None:
        make_password(pin)  # Costs what checking a PIN costs, so the time tells nobody which badges exist.
        return False
    return associate.check_password(pin)
