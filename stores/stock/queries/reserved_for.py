"""For whom units are held."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.db.models import Max, Min, Sum
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.documents import Document
from stores.stock.models import Reservation


@dataclass(frozen=True)
class Claim:
    """`quantity` units held for one document. `first` is the lowest reservation id: what a page goes on from."""

    first: int
    quantity: int
    reference: str
    document: Document

    def named_by(self, known: Mapping[str, Document]) -> Self:
        """With the document that its reference names, where that is known."""
        return replace(self, document=known.get(self.reference, self.document))


def reserved_for(*, store: Store, item: Item, limit: int, after: int = 0) -> list[Claim]:
    """Held claims on the item in this store, the oldest first, one for each document; up to `limit`. One query."""
    held = (
        Reservation.objects.filter(store=store, item=item, state=Reservation.State.HELD)
        .values("reference", "cart__channel__name")
        .annotate(first=Min("pk"), units=Sum("quantity"), until=Max("expires_at"))
        .filter(first__gt=after)
        .order_by("first")[:limit]
    )
    return [
        Claim(row["first"], row["units"], row["reference"], _unnamed(row["cart__channel__name"], row["until"]))
        for row in held
    ]


def _unnamed(channel: str | None, until: datetime | None) -> Document:
    """A cart has no page: it is what a customer is looking at elsewhere."""
    return Document(_("Cart") if channel else _("Held"), channel or "", due_at=until)
