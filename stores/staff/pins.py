"""Which PINs are too easy to guess."""

import re

from stores.staff.errors import WeakPin

DIGITS_MIN, DIGITS_MAX = 6, 8

_SHAPE = re.compile(rf"[0-9]{{{DIGITS_MIN},{DIGITS_MAX}}}", re.ASCII)
# 111111, 121212, 123123
_REPEATED = re.compile(r"(.+?)\1+")
_ROWS = ("01234567890123456789", "98765432109876543210")
# Favourites that no rule below finds: shapes on the pad, pairs, a famous agent.
_FAVOURITES = {
    "112233", "123321", "123654", "123789", "147258", "147852", "159357", "159753", "258147", "321654", "456123",
    "654123", "741852", "789456", "852147", "951753", "987456", "102030", "100200", "110022", "007007", "142536",
    "135790", "246810", "13579246", "14725836", "11223344", "12344321", "12312345",
}  # fmt: skip


def check_new_pin(pin: str) -> None:
    """Raises WeakPin unless `pin` is six to eight digits outside the block list."""
    if not _SHAPE.fullmatch(pin):
        raise WeakPin
    in_a_row = any(pin in row for row in _ROWS)
    mirrored_pairs = pin in _FAVOURITES
    if in_a_row or mirrored_pairs or _REPEATED.fullmatch(pin):
        raise WeakPin
