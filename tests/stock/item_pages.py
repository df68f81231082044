"""Reading the item's pages as a person does, and moving stock for them to show."""

import re
from html import unescape
from typing import Any

from django.db import transaction
from django.test import Client

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store
from stores.staff.models import Role
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.models import Condition, Move
from stores.stock.queries.bins import virtual_bin
from tests.factories import bin_of, make_associate
from tests.staff.signing_in import signed_in_client


def page(client: Client, path: str, **query: str) -> str:
    """The page's text as a person reads it; the addresses of its links in brackets."""
    answer = client.get(path, query)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    main = re.search(r"<main.*</footer>", answer.content.decode(), re.DOTALL)
    assert main is not None
    linked = re.sub(r'<a\b[^>]*?href="([^"]*)"[^>]*>', r" [\1] ", main[0])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", linked)).split())


def associate_in(store: Store, role: Role = Role.ASSOCIATE, name: str = "Rosa") -> Client:
    return signed_in_client(make_associate(store, role=role, name=name), store)


def moved(store: Store, item: Item, source: str, target: str, quantity: int, reason: Move.Reason, **fields: Any) -> int:
    with transaction.atomic():
        return post_move(
            Posting(
                key=f"test:{Move.objects.count()}",
                item_id=item.pk,
                source=_place(store, source),
                target=_place(store, target),
                quantity=quantity,
                reason=reason,
                **fields,
            )
        )


def _place(store: Store, code: str) -> Bin:
    kinds = {"supplier": BinKind.SUPPLIER, "transit": BinKind.TRANSIT, "customer": BinKind.CUSTOMER}
    return virtual_bin(store.pk, kinds[code]) if code in kinds else bin_of(store, code)


def damage(store: Store, item: Item, quantity: int, *, bin_code: str = "A-01-1") -> None:
    moved(store, item, bin_code, bin_code, quantity, Move.Reason.DAMAGED, target_condition=Condition.DAMAGED)
