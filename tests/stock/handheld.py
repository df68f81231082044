"""An associate with a handheld: scans and taps through the real addresses, a fresh key each time."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store, Zone
from stores.staff.models import Associate, Role
from stores.stock.models import StockTask
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

HTMX = {"HX-Request": "true"}


@dataclass
class Handheld:
    store: Store
    associate: Associate
    client: Client = field(init=False)
    task_pk: int = 0

    def __post_init__(self) -> None:
        self.client = signed_in_client(self.associate, self.store)

    @property
    def task(self) -> StockTask:
        return StockTask.objects.get(pk=self.task_pk)

    def start(self, kind: str, *codes: str, why: str = "") -> Any:
        """Opens a task and scans; the answer to the last of it."""
        answer = self.client.post("/stock/start/", {"key": str(uuid4()), "kind": kind, "why": why}, headers=HTMX)
        if answer.status_code == 200:
            self.task_pk = int(answer["HX-Redirect"].split("/")[2])
        return self.scan(*codes) if codes else answer

    def scan(self, *codes: str, key: str = "", at: str = "") -> Any:
        for code in codes:
            fields = {"code": code, "scanned_at": at} if at else {"code": code}
            answer = self.tap("scan", key=key, **fields)
        return answer

    def tap(self, what: str, *, key: str = "", **fields: str) -> Any:
        """Posts to one of the task's addresses: scan, quantity, put-back, undo, done."""
        form = {"key": key or str(uuid4()), **fields}
        return self.client.post(f"/stock/{self.task_pk}/{what}/", form, headers=HTMX)

    def page(self) -> str:
        return self.client.get(f"/stock/{self.task_pk}/").text


def make_house() -> Store:
    """A shop that has, beside its floor, one receiving bin, two backroom bins, a display and a cage."""
    store = make_store()
    backroom = Zone.objects.create(store=store, code="BACKROOM", name="Backroom", walk_order=2)
    for place, (code, kind) in enumerate(
        (
            ("BR-01", BinKind.BACKROOM),
            ("BR-02", BinKind.BACKROOM),
            ("CAGE-01", BinKind.BACKROOM),
            ("IN-01", BinKind.RECEIVING),
            ("WINDOW-01", BinKind.DISPLAY),
        ),
        start=1,
    ):
        Bin.objects.create(store=store, zone=backroom, code=code, kind=kind, walk_order=100 + place)
    return store


def handheld(store: Store, role: Role = Role.ASSOCIATE, name: str = "Rosa") -> Handheld:
    return Handheld(store, make_associate(store, role=role, name=name))


def gtin(item: Item) -> str:
    """The barcode of one unit."""
    return item.barcodes.get(pack_quantity=1).gtin
