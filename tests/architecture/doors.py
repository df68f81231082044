"""Every URL of the project, filled with the ids of one store's things, and a fingerprint of all that is stored."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from picking.models import PickLine, PickList, PickTote, PutBack
from pickup.links import sign
from pickup.models import CustomerLink
from stores.catalog.actions.add_style import add_style
from stores.catalog.actions.request_change import request_change
from stores.catalog.models import ItemImport, NonGoodsCode
from stores.models import Bin, BinKind, Device, EnrolmentCode, Store
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.reasons import CancelReason
from stores.printing.models import Printer, PrintJob
from stores.staff.access import access_mark
from stores.staff.actions.devices import make_enrolment_code
from stores.staff.checks import routes
from stores.staff.models import Role
from stores.stock.models import Channel, CountRequest, StockTask
from stores.sync.models import InboundMessage, WebhookEndpoint
from tests.factories import bin_of, make_associate, make_device, make_store
from tests.pickup.conftest import start_pickup
from tests.staff.signing_in import signed_in_client

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
# What a request may leave behind without having done anything: answers kept, sessions seen, tries counted.
_BOOKKEEPING = {"journal_receipt", "staff_session", "staff_badgetries", "django_migrations"}


@dataclass
class House:
    """A store in which everything exists once: a list being picked, a full tote, a ready order, a label, people."""

    store: Store
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[Role, Client] = field(default_factory=dict)

    def fill(self, route: str) -> str:
        """The address of `route`, with this store's ids."""
        prefix = max((one for one in self.ids if route.startswith(one)), key=len, default="")
        known = self.ids.get(prefix, {})
        return "/" + _PART.sub(lambda part: str(known.get(part[1], "x")), route)


def build_house() -> House:
    store = make_store()
    make_device(store)
    people = {role: make_associate(store, role=role) for role in Role}
    ready, picked, walking = (start_pickup(store, totes=1) for _ in range(3))
    ready.make_ready()
    picked.totes = ["TOTE-0002"]
    picked.pick()
    walking.associate = people[Role.ASSOCIATE]
    pick_list = PickList.objects.get(fulfillments=walking.pk)
    line = PickLine.objects.filter(pick_list=pick_list).first()
    assert line is not None
    printer = Printer.objects.create(store=store, name="Counter", host="127.0.0.1", port=9)
    label = PrintJob.objects.create(
        key=f"label:{store.pk}", store=store, printer=printer, title="Label", subject="x:1", content="^XA^XZ"
    )
    message = InboundMessage.objects.create(
        connector="shopify", source="shop.example", external_id=f"m{store.pk}", topic="orders/create", body="{}",
        state="failed", reason="malformed", ended_at=timezone.now(),
    )  # fmt: skip
    endpoint = WebhookEndpoint.objects.create(
        name=f"Shop {store.pk}", url="https://shop.example/", kinds=["none.such"], secrets=["whsec_" + "a" * 32]
    )
    code = make_enrolment_code(store=store, uses=1, by=people[Role.MANAGER])
    assert EnrolmentCode.objects.filter(store=store).exists()
    link = CustomerLink.objects.get(fulfillment=ready.pk)
    spare = Device.objects.create(store=store, name="Spare")
    with transaction.atomic():
        wish = request_change(
            item=ready.lantern, changes={"size": f"L {store.pk}"}, reason="Measured", associate=people[Role.LEAD]
        )
    unwanted = start_pickup(store, totes=1)
    unwanted.totes = [Bin.objects.create(store=store, code="TOTE-0004", kind=BinKind.TOTE).code]
    unwanted.pick()
    with transaction.atomic():
        cancel_order(order=unwanted.order, reason=CancelReason.CUSTOMER, key=f"cancel:{store.pk}")
    going_back = PutBack.objects.filter(store=store).latest("pk")
    count = CountRequest.objects.create(store=store, bin=bin_of(store, "B-01-1"), item=ready.lantern, reason="asked")
    house = House(store, clients={role: signed_in_client(person, store) for role, person in people.items()})
    house.ids = {
        "items/": {"pk": ready.lantern.pk, "store_pk": store.pk, "key": uuid4()},
        "stock/": {"pk": StockTask.objects.create(store=store, associate=people[Role.MANAGER], kind="move").pk},
        "count/": {"pk": count.pk},
        "exceptions/counts/": {"pk": count.pk},
        "print-jobs/": {"pk": label.pk},
        "catalog/items/": {"pk": ready.lantern.pk},
        "catalog/styles/": {"pk": add_style(code=f"STYLE {store.pk}", name="Lanterns").pk},
        "catalog/pictures/": {"sha256": "0" * 64},
        "catalog/requests/": {"pk": wish.pk},
        "catalog/owners/": {"field": "name"},
        "api/v1/items/": {"sku": ready.lantern.sku},
        "exceptions/messages/": {"pk": message.pk},
        "exceptions/items/": {"source": "pos", "reason": "no_goods"},
        "catalog/imports/no-goods/": {"pk": NonGoodsCode.objects.create(folded=f"FEE {store.pk}").pk},
        "catalog/imports/": {"pk": ItemImport.objects.create(name="items.csv", system="pos", state="failed").pk},
        "exceptions/webhooks/": {"endpoint_pk": endpoint.pk},
        "pick/floor/aisles/": {"pk": store.aisles.create(code="A", x_m=0, from_y_m=0, to_y_m=9).pk},
        "pick/floor/bins/": {"pk": store.bins.get(code="A-01-1").pk},
        "pick/": {"pk": pick_list.pk, "line_pk": line.pk},
        "put-back/": {"pk": going_back.pk},
        "stage/": {"pk": PickTote.objects.get(part__fulfillment=picked.pk).pk},
        "counter/": {"pk": ready.pk},
        "handover/": {"pk": ready.pk},
        "devices/": {"pk": spare.pk},
        "associates/": {"pk": make_associate(store).pk},
        "c/": {"signed": sign(link.token)},
        "enrol/": {"code": code},
        "api/v1/orders/": {"pk": ready.order.pk},
        "orders/": {"pk": ready.order.pk, "line_pk": ready.order.lines.all()[0].pk, "bundle_pk": 1},
        "channels/": {"code": Channel.objects.get_or_create(code="web", defaults={"name": "Web"})[0].code},
        "api/v1/carts/": {"cart": f"cart-{store.pk}"},
        "printed/": {"name": "1"},
    }
    return house


@contextmanager
def undone() -> Iterator[None]:
    """Takes back what was stored inside. Not a block of `atomic`, within which no durable transaction may begin."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        transaction.set_rollback(False)


def role_doors() -> list[tuple[str, Role]]:
    return [(route, view.required_role) for route, view in routes() if access_mark(view) == "role"]


def all_routes() -> list[str]:
    return [route for route, _view in routes()]


def fingerprint() -> dict[str, str]:
    """A digest of every row of every table but those that only keep book."""
    with connection.cursor() as cursor:
        cursor.execute(_digests())
        return dict(cursor.fetchall())


@cache
def _digests() -> str:
    """One statement: a hundred of them for each of a thousand answers would be most of what these tests take."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - _BOOKKEEPING
    rows = "md5(coalesce(string_agg(one::text, E'\\n' ORDER BY one::text), ''))"
    return " UNION ALL ".join(f"SELECT '{table}', (SELECT {rows} FROM \"{table}\" one)" for table in sorted(tables))
