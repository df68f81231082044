"""The small house that the stateful test plays with: two stores, three items, two bundles, two channels."""

from django.db import connection

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Item
from stores.catalog.queries import items_by_codes
from stores.models import Bin, BinKind
from stores.stock.models import Condition
from stores.stock.queries.bins import virtual_bin
from tests.factories import make_associate, make_bundle, make_item, make_store
from tests.stock.carts import make_channel

STORES = ("CAMDEN", "LEEDS")
BINS = ("A-01-1", "A-02-1")
BUNDLES = {"PICNIC": {"LANTERN": 1, "MUG": 2}, "PAIR": {"MUG": 1, "PLATE": 1}}
ITEMS = ("LANTERN", "MUG", "PLATE")
CHANNELS = ("web", "marketplace")
CARTS = ("c-1", "c-2")
SELLABLE = Condition.SELLABLE
HANDLED = ("move", "damage", "display", "quarantine", "release", "write_off")
FINGERPRINTED = (
    "stock_availability", "stock_balance", "stock_move", "stock_reservation", "stock_cart", "stock_cartline",
    "stock_countrequest",
    "stock_channel", "orders_order", "orders_orderline", "orders_fulfillment", "orders_fulfillmentline", "catalog_item",
    "journal_event",
)  # fmt: skip


class World:
    """Two stores, three items and two bundles of them, two channels; and how a shop spells the items."""

    def __init__(self):
        self.stores = {code: make_store(code) for code in STORES}
        self.bins = {(bin.store.code, bin.code): bin for bin in Bin.objects.select_related("store")}
        made = {sku: make_item(sku.title(), sku=sku) for sku in ITEMS}
        for sku, parts in BUNDLES.items():
            made[sku] = make_bundle(*((made[part], each) for part, each in parts.items()), sku=sku)
        for sku, item in made.items():
            add_alias(source="shop", code=f"sh {sku.lower()}", item=item)
        for code in CHANNELS:
            make_channel(code)
        self.lena = make_associate(self.stores[STORES[0]], name="Lena")

    def item(self, sku: str) -> Item:
        """By the name the shop has for it, spelled as nobody wrote it down."""
        (item,) = items_by_codes("shop", [f"  Sh  {sku.title()} "]).values()
        return item

    def virtual(self, store: str, kind: BinKind) -> Bin:
        return virtual_bin(self.stores[store].pk, kind)


def fingerprint():
    """Of everything that stock, carts, orders and items are made of, in one statement."""
    one = "(SELECT md5(COALESCE(string_agg(t::text, ',' ORDER BY t.id), '')) FROM {} t)"
    digests = " || ".join(one.format(table) for table in FINGERPRINTED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {digests}")
        (digest,) = cursor.fetchone()
    return digest
