"""Where a walk's screen leads."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse


@dataclass(frozen=True)
class WalkAddresses:
    scan: str
    undo: str
    colleagues: str


# The same with every scan of a list, and every scan's answer names all of them.
@lru_cache(maxsize=1000)
def walk_addresses(list_pk: int) -> WalkAddresses:
    return WalkAddresses(
        scan=reverse("picking:scan", args=[list_pk]),
        undo=reverse("picking:undo", args=[list_pk]),
        colleagues=reverse("picking:colleagues", args=[list_pk]),
    )
