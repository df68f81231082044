"""For whom units are held."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.documents import Document
from stores.stock.models import Cart, Reservation


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
        .values("reference", "cart__external_id", "cart__channel__name")
        .annotate(first=Min("pk"), units=Sum("quantity"), until=Max("expires_at"))
        .filter(first__gt=after)
        .order_by("first")[:limit]
    )
    return [Claim(row["first"], row["units"], row["reference"], _unnamed(row)) for row in held]


def reserved_for_whom(*, store: Store, item: Item) -> str:
    """In a few words, such as "2 orders, 1 cart"; empty when nothing is held. One query."""
    held = Reservation.objects.filter(store=store, item=item, state=Reservation.State.HELD).aggregate(
        orders=Count("reference", distinct=True, filter=Q(cart=None)), carts=Count("cart", distinct=True)
    )
    said = [
        (held["orders"], ngettext("{n} order", "{n} orders", held["orders"])),
        (held["carts"], ngettext("{n} cart", "{n} carts", held["carts"])),
    ]
    return ", ".join(words.format(n=n) for n, words in said if n)


def _unnamed(row: Mapping[str, Any]) -> Document:
    """A cart has no page: it is what a customer is looking at elsewhere. Past its time nothing is late, it ends."""
    if not row["cart__external_id"]:
        return Document(_("Held"), due_at=row["until"])
    label = _("Cart {name}").format(name=Cart.short_name(row["cart__external_id"]))
    if row["until"] <= timezone.now():
        return Document(label, _("{channel}, its time is up").format(channel=row["cart__channel__name"]))
    return Document(label, row["cart__channel__name"], due_at=row["until"])
