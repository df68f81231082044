"""Goods and counts: the first half of what is done to the house and to the paper at once."""

from itertools import count, product
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from stores.journal.audit import find_defects
from stores.models import BinKind
from stores.refusals import Refusal
from stores.stock.actions.count_requests import answer_count, ask_for_count
from stores.stock.actions.post_handled import post_handled
from stores.stock.actions.post_move import Posting
from stores.stock.actions.receive import receive
from stores.stock.actions.sell import record_sale
from stores.stock.actions.take_back import take_back
from stores.stock.handling import WAYS
from stores.stock.models import Condition, CountRequest, Move
from tests.stock.stateful_model import Paper
from tests.stock.stateful_world import BINS, BUNDLES, CHANNELS, HANDLED, ITEMS, SELLABLE, STORES, World, fingerprint

stores = st.sampled_from(STORES)
bins = st.sampled_from(BINS)
items = st.sampled_from(ITEMS)
sold = st.sampled_from((*ITEMS, *BUNDLES))
conditions = st.sampled_from([condition.value for condition in Condition])
few = st.integers(1, 6)
many = st.integers(1, 12)


class GoodsMachine(RuleBasedStateMachine):
    """Does each thing to the house and to the paper, which say the same of it: done or refused."""

    world: World

    def __init__(self):
        super().__init__()
        self.before_all = transaction.savepoint()
        self.paper = Paper(bundles=BUNDLES, kept_back=dict.fromkeys(CHANNELS, 0))
        self.numbers = count(1)

    def teardown(self):
        try:
            if not connection.needs_rollback:
                assert list(find_defects()) == []
        finally:
            transaction.savepoint_rollback(self.before_all)
            transaction.set_rollback(False)

    def attempt(self, action, *, expected=True):
        """Does it, or is refused, as the paper expects. After a refusal everything is as it was."""
        if expected:
            with transaction.atomic():
                action()
            return
        before = fingerprint()
        with pytest.raises(Refusal), transaction.atomic():
            action()
        assert fingerprint() == before

    # --- goods ---

    @initialize(lying=st.lists(st.integers(4, 12), min_size=6, max_size=6))
    def open_the_stores(self, lying):
        for (store, sku), units in zip(product(STORES, ITEMS), lying, strict=True):
            self.receive(store, BINS[0], sku, units)

    @rule(store=stores, place=bins, sku=items, units=many)
    def receive(self, store, place, sku, units):
        target, item = self.world.bins[store, place], self.world.item(sku)
        self.attempt(lambda: receive(key=str(uuid4()), bin=target, item=item, quantity=units))
        self.paper.lay(store, place, sku, "sellable", units)

    @rule(store=stores, place=bins, sku=items, units=few)
    def find(self, store, place, sku, units):
        source, target = self.world.virtual(store, BinKind.VARIANCE), self.world.bins[store, place]
        self.carry(source, target, sku, units, Move.Reason.FOUND)
        self.paper.lay(store, place, sku, "sellable", units)

    @rule(store=stores, place=bins, name=sold, units=few, condition=conditions)
    def take_back(self, store, place, name, units, condition):
        target, item = self.world.bins[store, place], self.world.item(name)
        self.attempt(
            lambda: take_back(
                key=str(uuid4()), bin=target, item=item, quantity=units, condition=Condition(condition), reference="r:1"
            )
        )
        for part, each in self.paper.parts(name).items():
            self.paper.lay(store, place, part, condition, units * each)

    @rule(kind=st.sampled_from(HANDLED), store=stores, place=bins, sku=items, units=few, data=st.data())
    def handle(self, kind, store, place, sku, units, data):
        way = WAYS[kind]
        condition = data.draw(st.sampled_from(way.takes), label="condition")
        other = BINS[1 - BINS.index(place)]
        becomes = way.makes or condition
        goes_out = way.target is not None
        target = self.world.virtual(store, BinKind.VARIANCE) if goes_out else self.world.bins[store, other]
        expected = self.paper.carry(
            (store, place, sku, condition.value),
            None if goes_out else (other, becomes.value),
            units,
            fact=kind in {"damage", "quarantine", "write_off"},
        )
        source = self.world.bins[store, place]
        self.carry(source, target, sku, units, way.reason, condition, becomes, expected=expected)

    def carry(self, source, target, sku, units, reason, condition=SELLABLE, becomes=SELLABLE, *, expected=True):
        item = self.world.item(sku)
        posting = Posting(
            key=str(uuid4()),
            item_id=item.pk,
            item_name=item.name,
            source=source,
            source_condition=condition,
            target=target,
            target_condition=becomes,
            quantity=units,
            reason=reason,
        )
        self.attempt(lambda: post_handled(posting, item=item, device=None, data={}), expected=expected)

    # --- the till, and what is counted ---

    @rule(store=stores, name=sold, units=few)
    def sell(self, store, name, units):
        key, item = str(uuid4()), self.world.item(name)

        def sell():
            return record_sale(store=self.world.stores[store], item=item, quantity=units, key=key, reference="till")

        self.attempt(sell)
        # The till did not hear the answer.
        told_again = fingerprint()
        self.attempt(sell)
        assert fingerprint() == told_again
        for part in self.paper.sell(store, BINS, name, units):
            opened = self.open_counts().filter(store__code=store, item__sku=part).order_by("opened_at", "pk").first()
            self.paper.to_count.setdefault((store, opened.bin.code, part), 0)

    @rule(store=stores, place=bins, sku=items, held=st.integers(0, 4))
    def ask_for_count(self, store, place, sku, held):
        item, target = self.world.item(sku), self.world.bins[store, place]
        reason, key = CountRequest.Reason.NOT_FOUND, str(uuid4())
        self.attempt(
            lambda: ask_for_count(bin=target, item=item, held=held, reason=reason, associate=None, device=None, key=key)
        )
        self.paper.ask_for_count(store, place, sku, held)

    @precondition(lambda self: self.paper.to_count)
    @rule(data=st.data(), units=st.integers(0, 9))
    def answer_count(self, data, units):
        store, place, sku = data.draw(st.sampled_from(sorted(self.paper.to_count)), label="count")
        request = self.open_counts().get(store__code=store, bin__code=place, item__sku=sku)

        def answer(units=units):
            answer_count(request=request, counted=units, associate=self.world.lena, device=None, key=str(uuid4()))

        self.attempt(answer)
        self.paper.count(store, place, sku, units)
        self.attempt(lambda: answer(units + 1), expected=False)

    def open_counts(self):
        return CountRequest.objects.filter(state=CountRequest.State.OPEN)
