"""What stores and items are called: by us, and by one source."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from stores.catalog.models import Alias, Item
from stores.models import Store, StoreAlias


class Named(NamedTuple):
    """`theirs` are the source's own codes for it; none where it uses ours."""

    code: str
    theirs: list[str]


def store_names(source: str, store_ids: Iterable[int]) -> dict[int, Named]:
    aliases = StoreAlias.objects.filter(source=source, store=OuterRef("pk")).order_by("pk").values("code")
    rows = Store.objects.filter(pk__in=store_ids).order_by().values_list("pk", "code", ArraySubquery(aliases))
    return {pk: Named(code, theirs) for pk, code, theirs in rows}


def item_names(source: str, item_ids: Iterable[int]) -> dict[int, Named]:
    aliases = Alias.objects.filter(source=source, item=OuterRef("pk")).order_by("pk").values("code")
    rows = Item.objects.filter(pk__in=item_ids).order_by().values_list("pk", "sku", ArraySubquery(aliases))
    return {pk: Named(sku, theirs) for pk, sku, theirs in rows}


def store_ids_by_codes(source: str, codes: Iterable[str]) -> dict[str, int]:
    """What the source calls a store goes before our own code; unknown codes are missing."""
    wanted = {code for code in codes if code.isprintable()}
    found = dict(Store.objects.filter(code__in=wanted).values_list("code", "pk"))
    return found | dict(StoreAlias.objects.filter(source=source, code__in=wanted).values_list("code", "store_id"))
