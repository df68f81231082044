"""The web shop beside the chain: what it calls our stores and items, how it is told, and a few orders it has sent."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.demo_chain.chain import BRISTOL, CAMDEN, LEEDS, YORK, Place
from config.demo_chain.goods import BLACK, GREEN, HEART_HOLDER, LANTERN, PINK, RED, all_goods
from picking.models import PickList
from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Alias, Item, System
from stores.models import Store, StoreAlias
from stores.orders.actions.place_order import ContactData, LineRequest, place_order
from stores.orders.models import Fulfillment, Order
from stores.staff.tokens import hashed
from stores.stock.actions.set_channel import ChannelTerms, add_channel
from stores.stock.models import Channel
from stores.sync.models import ApiKey, WebhookEndpoint

SHOP = "shop.storehand.example"
# What the shop calls its locations. The first is the one of Shopify's sample messages.
LOCATIONS = {CAMDEN.code: "905684977", LEEDS.code: "905684978", YORK.code: "905684979", BRISTOL.code: "905684980"}
# The SKUs of Shopify's sample order and product.
SAMPLE_SKUS = {"IPOD2008GREEN": GREEN, "IPOD2008RED": RED, "IPOD2008BLACK": BLACK, "IPOD2008PINK": PINK}
KINDS = [
    "orders.allocated",
    "orders.backordered",
    "orders.cancelled",
    "orders.completed",
    "orders.line_cancelled",
    "orders.substituted",
    "pickup.ready",
    "pickup.handed_over",
]
API_KEY_PREFIX = "demo"
WEB = "web"
# Code: name, and what each sees and holds.
CHANNELS = {
    WEB: ("Web shop", ChannelTerms(kept_back=0, hold_minutes=15, hold_minutes_max=60)),
    # Its orders come in minutes late: the last units of an item may be gone by then.
    "marketplace": ("Marketplace", ChannelTerms(kept_back=2, hold_minutes=5, hold_minutes_max=15)),
    "counter": ("Counter", ChannelTerms(kept_back=0, hold_minutes=10, hold_minutes_max=30)),
}


def connect_shop(stores: dict[str, Store], items: dict[str, Item], *, receiver_port: int) -> None:
    """Adds the shop's names for things, its API key and the address where it hears from us."""
    _name_stores(stores)
    _name_items(items)
    _open_channels()
    key, _is_new = ApiKey.objects.get_or_create(
        prefix=API_KEY_PREFIX,
        defaults={
            "name": "Demo shop",
            "secret_hash": hashed(_api_secret()),
            "verbs": ApiKey.Verb.values,
            "source": SHOP,
        },
    )
    # A demo of an earlier version is brought up to this one.
    if key.channel is None or key.system != System.SHOP or key.verbs != ApiKey.Verb.values:
        key.channel, key.system, key.verbs = Channel.objects.get(code=WEB), System.SHOP, ApiKey.Verb.values
        key.save(update_fields=["channel", "system", "verbs"])
    url = f"http://127.0.0.1:{receiver_port}/"
    endpoint, _is_new = WebhookEndpoint.objects.get_or_create(
        name="Demo shop", defaults={"url": url, "kinds": KINDS, "secrets": [_webhook_secret()]}
    )
    # The demo's receiver listens wherever a port was free this time.
    if endpoint.url != url and endpoint.url.startswith("http://127.0.0.1:"):
        endpoint.url = url
        endpoint.save(update_fields=["url"])


def _open_channels() -> None:
    known = set(Channel.objects.values_list("code", flat=True))
    for code, (name, terms) in CHANNELS.items():
        if code not in known:
            add_channel(code=code, name=name, terms=terms)


def api_token() -> str:
    return f"{API_KEY_PREFIX}.{_api_secret()}"


def _api_secret() -> str:
    return _derived("api")


def _webhook_secret() -> str:
    """In the form of Standard Webhooks: whsec_ and base64."""
    return f"whsec_{base64.b64encode(_derived('webhook').encode()[:24]).decode()}"


def _derived(purpose: str) -> str:
    """Follows from the secret key, so every run can print it though the database has only its hash."""
    digest = salted_hmac("storehand.demo.shop", purpose, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _name_stores(stores: dict[str, Store]) -> None:
    known = set(StoreAlias.objects.filter(source=SHOP).values_list("code", flat=True))
    StoreAlias.objects.bulk_create(
        StoreAlias(store=stores[place], source=SHOP, code=code)
        for place, code in LOCATIONS.items()
        if code not in known
    )


def _name_items(items: dict[str, Item]) -> None:
    names = {f"SH-{goods.sku}": goods.sku for goods in all_goods()} | SAMPLE_SKUS
    known = set(Alias.objects.filter(source=SHOP).values_list("folded", flat=True))
    for code, sku in names.items():
        if code not in known:
            add_alias(source=SHOP, code=code, item=items[sku])


@dataclass(frozen=True, kw_only=True)
class SampleOrder:
    number: str
    customer: ContactData
    lines: dict[str, int]
    place: Place | None = None
    method: Order.Method = Order.Method.COUNTER
    # Where the customer is, when the order names no store.
    position: tuple[float, float] | None = None
    # Minutes since it was placed, and until it was promised to be ready.
    age: int = 30
    left: int = 60


ORDERS = (
    SampleOrder(
        number="#0991",
        place=CAMDEN,
        customer=ContactData(name="Nadia Rahman", email="nadia.rahman@example.com", phone="07700 900142"),
        lines={HEART_HOLDER: 2, GREEN: 1, "22423": 1},
        age=105,
        left=15,
    ),
    SampleOrder(
        number="#0992",
        place=CAMDEN,
        customer=ContactData(name="Oliver Finch", email="oliver.finch@example.com", phone="07700 900287"),
        lines={LANTERN: 1},
        age=70,
        left=50,
    ),
    SampleOrder(
        number="#0993",
        place=CAMDEN,
        customer=ContactData(name="Carmen Ruiz", email="carmen.ruiz@example.com", language="es"),
        lines={"22633": 6, "22866": 2, "22086": 1, "84029E": 1, "21479": 1},
        age=12,
        left=108,
    ),
    SampleOrder(
        number="#0994",
        place=YORK,
        method=Order.Method.CURBSIDE,
        customer=ContactData(name="Graham Sykes", email="graham.sykes@example.com", phone="07700 900311"),
        lines={"22469": 2, "22114": 1},
        age=55,
        left=35,
    ),
    SampleOrder(
        number="#0995",
        place=YORK,
        customer=ContactData(name="Imogen Hartley", email="imogen.hartley@example.com"),
        lines={"22910": 3, LANTERN: 1},
        age=8,
        left=82,
    ),
    # Names no store: the nearest that has everything is Leeds.
    SampleOrder(
        number="#0996",
        position=(53.8321, -1.5730),
        customer=ContactData(name="Zara Hussain", email="zara.hussain@example.com", phone="07700 900458"),
        lines={"22632": 1, "22865": 2},
        age=40,
        left=80,
    ),
    SampleOrder(
        number="#0997",
        place=BRISTOL,
        customer=ContactData(name="Joe Penrose", email="joe.penrose@example.com", phone="07700 900523"),
        lines={HEART_HOLDER: 1},
        age=35,
        left=25,
    ),
    # A set: its parts are picked one by one.
    SampleOrder(
        number="#0999",
        place=CAMDEN,
        customer=ContactData(name="Priya Nair", email="priya.nair@example.com", phone="07700 900614"),
        lines={"TEA-REGENCY": 1, LANTERN: 1},
        age=25,
        left=70,
    ),
    # More than all stores have together: waits, visibly.
    SampleOrder(
        number="#0998",
        place=CAMDEN,
        customer=ContactData(name="Harriet Lowe", email="harriet.lowe@example.com"),
        lines={RED: 400},
        age=90,
    ),
)


def place_sample_orders(
    stores: dict[str, Store], items: dict[str, Item], orders: Sequence[SampleOrder] = ORDERS
) -> None:
    """Places those the chain has not had yet."""
    known = set(Order.objects.filter(source=SHOP).values_list("external_id", flat=True))
    for sample in orders:
        if _external_id(sample) not in known:
            _place(sample, stores, items)


def _place(sample: SampleOrder, stores: dict[str, Store], items: dict[str, Item]) -> None:
    now = timezone.now()
    latitude, longitude = sample.position or (None, None)
    order = place_order(
        source=SHOP,
        external_id=_external_id(sample),
        number=sample.number,
        method=sample.method,
        lines=[
            LineRequest(item=items[sku], quantity=quantity, price=items[sku].price, external_id=f"{position}")
            for position, (sku, quantity) in enumerate(sample.lines.items(), start=1)
        ],
        contact=sample.customer,
        currency="GBP",
        pickup_store=stores[sample.place.code] if sample.place else None,
        latitude=latitude,
        longitude=longitude,
        placed_at=now - timedelta(minutes=sample.age),
    )
    # They all come in at this moment, but a shift finds its work at every stage of lateness.
    promised_at = now + timedelta(minutes=sample.left)
    Fulfillment.objects.filter(order=order).update(promised_at=promised_at)
    PickList.objects.filter(fulfillments__order=order).update(due_at=promised_at)


def _external_id(sample: SampleOrder) -> str:
    return f"demo-{sample.number.removeprefix('#')}"
