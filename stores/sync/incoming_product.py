"""A product as a shop words it: its own codes for its variants, everything else already checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stores.catalog.models import System


@dataclass(frozen=True, kw_only=True)
class IncomingVariant:
    """`codes` are what the shop calls it, the best first. `values` are texts by field; `body` is what came of it."""

    external_id: str
    codes: tuple[str, ...]
    title: str
    barcode: str
    values: Mapping[str, str]
    body: str


@dataclass(frozen=True, kw_only=True)
class IncomingProduct:
    """`changed_at` is by the shop's clock, which alone tells an old message from a new one."""

    connector: str
    source: str
    system: System
    external_id: str
    changed_at: datetime
    variants: tuple[IncomingVariant, ...]
