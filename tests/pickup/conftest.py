from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from picking.actions.claims import claim_list
from picking.actions.finish_list import finish_list
from picking.actions.scan import scan
from picking.models import PickList, PickTote
from picking.queries.walk import load_walk
from pickup.actions.arrive import AT_THE_COUNTER, Spot, arrive
from pickup.actions.check_bag import check_bag
from pickup.actions.check_identity import check_code
from pickup.actions.claim_arrival import claim_arrival
from pickup.actions.hand_over import hand_over
from pickup.actions.stage_tote import Staging, stage_tote
from pickup.codes import bag_label
from pickup.links import sign
from pickup.models import Arrival, CustomerLink, StagedTote
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.models import Store
from stores.orders.models import Fulfillment, Order
from stores.staff.models import Associate, Role
from tests.factories import fulfillment_of, make_associate, make_item, make_store, order_for, stock_up
from tests.staff.signing_in import signed_in_client

T = TypeVar("T")


@dataclass
class Pickup:
    """One order of two lanterns and a hanger, and whoever works on it. Actions are called like the screens do."""

    store: Store
    associate: Associate
    lantern: Item
    hanger: Item
    order: Order
    totes: list[str] = field(default_factory=lambda: ["TOTE-0001"])

    @property
    def fulfillment(self) -> Fulfillment:
        return fulfillment_of(self.order)

    @property
    def pk(self) -> int:
        return self.fulfillment.pk

    @property
    def link(self) -> CustomerLink:
        return CustomerLink.objects.get(fulfillment=self.pk)

    @property
    def arrival(self) -> Arrival:
        return Arrival.objects.get(fulfillment=self.pk)

    @property
    def bags(self) -> list[StagedTote]:
        return list(StagedTote.objects.filter(fulfillment=self.pk).order_by("bag"))

    @property
    def page(self) -> str:
        """The address of the customer's page."""
        return f"/c/{sign(self.link.token)}/"

    def pick_tote(self, code: str = "TOTE-0001") -> PickTote:
        return PickTote.objects.filter(tote__store=self.store, tote__code=code).latest("pk")

    def client(self, associate: Associate | None = None) -> Client:
        return signed_in_client(associate or self.associate, self.store)

    def pick(self) -> "Pickup":
        """The whole list; with two totes the hanger lies in the second one."""
        pick_list = PickList.objects.get(fulfillments=self.pk)
        claim_list(store=self.store, pk=pick_list.pk, associate=self.associate, device=None)
        second = self.totes[1:]
        for code in [self.totes[0], "A-01-1", *[_gtin(self.lantern)] * 2, *second, "A-03-2", _gtin(self.hanger)]:
            walk = load_walk(store=self.store, pk=pick_list.pk)
            scan(store=self.store, walk=walk, raw=code, associate=self.associate, device=None, key=str(uuid4()))
        if PickList.objects.get(pk=pick_list.pk).state != PickList.State.DONE:
            finish_list(store=self.store, pk=pick_list.pk, associate=self.associate, device=None)
        return self

    def stage(self, bin: str = "S-01", tote: str = "TOTE-0001", associate: Associate | None = None) -> Staging:
        return stage_tote(
            store=self.store,
            pk=self.pick_tote(tote).pk,
            bin_code=bin,
            associate=associate or self.associate,
            device=None,
        )

    def make_ready(self) -> "Pickup":
        self.pick()
        for number, tote in enumerate(self.totes, start=1):
            self.stage(f"S-0{number}", tote)
        return self

    def arrive(self, spot: Spot = AT_THE_COUNTER) -> Arrival:
        return arrive(store=self.store, pk=self.pk, spot=spot)

    def claim(self, associate: Associate | None = None) -> Arrival:
        return claim_arrival(store=self.store, pk=self.pk, associate=associate or self.associate, device=None)

    def check_bags(self) -> None:
        for bag in self.bags:
            check_bag(
                store=self.store, pk=self.pk, code=bag_label(self.pk, bag.bag), associate=self.associate, device=None
            )

    def prove(self) -> None:
        check_code(store=self.store, pk=self.pk, code=self.link.code, associate=self.associate, device=None)

    def hand_over(self) -> None:
        hand_over(store=self.store, pk=self.pk, associate=self.associate, device=None)

    def prepare_to_give(self) -> "Pickup":
        """Everything but the last tap."""
        self.make_ready()
        self.claim()
        self.check_bags()
        self.prove()
        return self

    def kinds(self) -> list[str]:
        """The fulfillment's events, oldest first."""
        events = Event.objects.filter(subject=f"fulfillment:{self.pk}", kind__startswith="pickup.")
        return list(events.order_by("pk").values_list("kind", flat=True))


def _gtin(item: Item) -> str:
    return item.barcodes.get().gtin


def start_pickup(store: Store | None = None, *, totes: int = 1) -> Pickup:
    store = store or make_store()
    lantern, hanger = make_item("Lantern"), make_item("Hanger")
    stock_up(store, lantern, 5, "A-01-1")
    stock_up(store, hanger, 5, "A-03-2")
    order = order_for(store, (hanger, 1), (lantern, 2))
    names = [f"TOTE-000{number}" for number in range(1, totes + 1)]
    return Pickup(store, make_associate(store), lantern, hanger, order, names)


@pytest.fixture
def pickup(db: None) -> Pickup:
    return start_pickup()


@pytest.fixture
def picked(pickup: Pickup) -> Pickup:
    return pickup.pick()


@pytest.fixture
def ready(pickup: Pickup) -> Pickup:
    return pickup.make_ready()


@pytest.fixture
def lead(pickup: Pickup) -> Associate:
    return make_associate(pickup.store, role=Role.LEAD, name="Lena")


def committed(act: Callable[[], T]) -> T:
    """What `act` returns, done and visible to other connections."""
    with transaction.atomic(durable=True):
        return act()


def post(client: Client, path: str, **fields: object) -> Any:
    """A form as htmx sends it, with a fresh key unless one is given."""
    return client.post(path, {"key": str(uuid4()), **fields}, headers={"HX-Request": "true"})
