from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction

from picking.actions.claims import claim_list
from picking.actions.finish_list import finish_list
from picking.actions.scan import scan
from picking.actions.turns.short_pick import short_pick
from picking.actions.undo_pick import undo_last_pick
from picking.models import PickList, Shortage
from picking.queries.walk import Walk, WalkLine, load_walk
from stores.catalog.models import Item
from stores.handheld.bands import Band
from stores.models import Store
from stores.orders.models import Order
from stores.staff.models import Associate
from tests.factories import make_associate, make_item, make_store, order_for, stock_up


@dataclass
class Picker:
    """One associate with one list: scans like a handheld does, a fresh key each time."""

    store: Store
    associate: Associate
    pk: int

    @property
    def walk(self) -> Walk:
        return load_walk(store=self.store, pk=self.pk)

    @property
    def line(self) -> WalkLine:
        line = self.walk.current
        assert line is not None, "every line is finished"
        return line

    def claim(self) -> None:
        claim_list(store=self.store, pk=self.pk, associate=self.associate)

    def scan(self, *codes: str) -> Band:
        for code in codes:
            _walk, band = scan(
                store=self.store, walk=self.walk, raw=code, associate=self.associate, device=None, key=str(uuid4())
            )
        return band

    def short(self, quantity: int, reason: Shortage.Reason = Shortage.Reason.NOT_FOUND) -> int:
        """How many of them another bin should have."""
        return short_pick(
            store=self.store,
            pk=self.pk,
            line_pk=self.line.pk,
            quantity=quantity,
            reason=reason,
            associate=self.associate,
            device=None,
            key=str(uuid4()),
        ).elsewhere

    def undo(self) -> None:
        undo_last_pick(store=self.store, pk=self.pk, associate=self.associate, device=None, key=str(uuid4()))

    def finish(self) -> PickList:
        return finish_list(store=self.store, pk=self.pk, associate=self.associate, device=None)


@dataclass
class Job:
    """Two units of a lantern in A-01-1, one of a hanger in A-03-2, on one claimed list."""

    store: Store
    lantern: Item
    hanger: Item
    order: Order
    picker: Picker

    def gtin(self, item: Item) -> str:
        return item.barcodes.order_by("pk")[0].gtin


def start_job(*, bin_scan_required: bool = True, lanterns: int = 2) -> Job:
    store = make_store(bin_scan_required=bin_scan_required)
    lantern, hanger = make_item("Lantern"), make_item("Hanger")
    stock_up(store, lantern, 5, "A-01-1")
    stock_up(store, hanger, 5, "A-03-2")
    order = order_for(store, (hanger, 1), (lantern, lanterns))
    associate = make_associate(store)
    job = Job(store, lantern, hanger, order, Picker(store, associate, PickList.objects.get().pk))
    with transaction.atomic():
        job.picker.claim()
    return job


@pytest.fixture
def job(db) -> Job:
    return start_job()
