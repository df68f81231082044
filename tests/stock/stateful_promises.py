"""Promises: reservations, carts, channels, orders; and what house and paper must agree on after every step."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import F
from django.db.models.functions import Now
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.models import Item
from stores.orders.actions.retry_backorders import retry_backorders
from stores.stock.actions.expire_reservations import expire_reservations
from stores.stock.actions.extend_cart import extend_cart
from stores.stock.actions.hold_cart import hold_cart
from stores.stock.actions.release_cart import release_cart
from stores.stock.actions.reservations import consume, release, reserve, shrink
from stores.stock.actions.set_channel import ChannelTerms, set_channel
from stores.stock.models import Availability, Balance, Cart, Channel, Reservation
from stores.stock.queries.promisable import promisable
from tests.factories import order_for
from tests.stock.stateful_goods import GoodsMachine, few, items, sold, stores
from tests.stock.stateful_world import BUNDLES, CARTS, CHANNELS, ITEMS, STORES


class StockMachine(GoodsMachine):
    """Goods, and who has been promised them."""

    # --- single claims ---

    @rule(store=stores, sku=items, units=few)
    def reserve(self, store, sku, units):
        key, pair = f"claim:{next(self.numbers)}", (self.world.stores[store].pk, self.world.item(sku).pk)
        self.attempt(
            lambda: reserve(key=key, store_id=pair[0], item_id=pair[1], quantity=units, reference="test"),
            expected=self.paper.claim(key, (store, sku), units),
        )

    @precondition(lambda self: self.paper.claims)
    @rule(data=st.data(), how=st.sampled_from(("consume", "release", "shrink", "expire")))
    def end_claim(self, data, how):
        key = data.draw(st.sampled_from(sorted(self.paper.claims)), label="claim")
        claim = Reservation.objects.get(key=key)
        by = claim.quantity
        match how:
            case "consume":
                self.attempt(lambda: consume(reservation=claim))
            case "release":
                self.attempt(lambda: release(reservation=claim, reason="test"))
            case "shrink":
                by = data.draw(st.integers(1, claim.quantity), label="by")
                self.attempt(lambda: shrink(reservation=claim, by=by, reason="test", key=f"{key}:{uuid4()}"))
            case "expire":
                Reservation.objects.filter(pk=claim.pk).update(expires_at=F("created_at") - timedelta(seconds=1))
                assert expire_reservations() == 1 + self.paper.sweep()
        self.paper.shrink(key, by)
        again = Reservation.objects.get(pk=claim.pk)
        if again.state != "held":
            self.attempt(lambda: release(reservation=again, reason="again"), expected=False)

    # --- carts ---

    @rule(
        cart=st.sampled_from(CARTS),
        channel=st.sampled_from(CHANNELS),
        lines=st.lists(st.tuples(stores, sold, st.integers(1, 4)), min_size=1, max_size=3),
    )
    def fill_cart(self, cart, channel, lines):
        asked = [(self.world.stores[store].pk, self.world.item(name), units) for store, name, units in lines]
        self.attempt(
            lambda: hold_cart(
                source="shop",
                external_id=cart,
                channel=Channel.objects.get(code=channel),
                lines=asked,
                key=str(uuid4()),
            ),
            expected=self.paper.fill(cart, channel, lines),
        )

    @precondition(lambda self: self.paper.carts)
    @rule(data=st.data(), how=st.sampled_from(("extend", "release", "time passes")))
    def tend_cart(self, data, how):
        name = data.draw(st.sampled_from(sorted(self.paper.carts)), label="cart")
        cart = Cart.objects.get(external_id=name)
        match how:
            case "extend":
                self.attempt(lambda: extend_cart(cart=cart), expected=self.paper.extend(name))
            case "release":
                self.attempt(lambda: release_cart(cart=cart))
                self.paper.end_cart(name)
            case "time passes":
                # Swept 15 seconds later, or never: nobody may notice a difference.
                # One moment for all of them, as a hold has it.
                cart.reservations.filter(state="held").update(expires_at=Now() - timedelta(seconds=1))
                self.paper.carts[name].live = False

    @rule()
    def sweep(self):
        assert expire_reservations() == self.paper.sweep()

    @rule(channel=st.sampled_from(CHANNELS), units=st.integers(0, 3))
    def keep_back(self, channel, units):
        terms = ChannelTerms(kept_back=units, hold_minutes=15, hold_minutes_max=60)
        pk = Channel.objects.get(code=channel).pk
        self.attempt(lambda: set_channel(pk=pk, terms=terms, reason="A test wants it so."))
        self.paper.kept_back[channel] = units

    # --- orders and items ---

    @rule(
        store=stores, lines=st.lists(st.tuples(sold, few), min_size=1, max_size=2), cart=st.sampled_from((None, *CARTS))
    )
    def order(self, store, lines, cart):
        self.place(store, lines, cart if cart in self.paper.carts else None)

    @precondition(lambda self: self.paper.carts)
    @rule(data=st.data())
    def buy_what_is_in_the_cart(self, data):
        cart = data.draw(st.sampled_from(sorted(self.paper.carts)), label="cart")
        content = self.paper.carts[cart].content
        store = min(store for store, _name in content)
        self.place(store, [(name, units) for (where, name), units in content.items() if where == store], cart)

    def place(self, store, lines, cart):
        wanted = [(self.world.item(name), units) for name, units in lines]
        expected, states = self.paper.order(store, lines, cart), []

        def place():
            states.append(order_for(self.world.stores[store], *wanted, source="shop", cart=cart or "").state)

        self.attempt(place, expected=expected != "refused")
        assert states in ([], [expected])

    @rule()
    def retry_waiting_orders(self):
        assert retry_backorders() == self.paper.retry()

    @rule(name=sold)
    def retire_or_bring_back(self, name):
        item = self.world.item(name)
        if name in self.paper.retired:
            self.attempt(lambda: (approve_item(item=item), activate_item(item=item)))
        else:
            self.attempt(lambda: retire_item(item=item))
        self.paper.retired ^= {name}

    # --- after every step ---

    @invariant()
    def what_is_to_be_counted_is_on_the_paper(self):
        rows = self.open_counts().values_list("store__code", "bin__code", "item__sku", "held")
        assert {tuple(names): held for *names, held in rows} == self.paper.to_count

    @invariant()
    def every_bin_has_what_the_paper_says(self):
        rows = Balance.objects.filter(physical=True, quantity__gt=0)
        told = rows.values_list("store__code", "bin__code", "item__sku", "condition", "quantity")
        assert {tuple(names): units for *names, units in told} == dict(+self.paper.lying)

    @invariant()
    def the_arithmetic_is_that_of_the_paper(self):
        rows = Availability.objects.values_list(
            "store__code", "item__sku", "on_hand", "unsellable", "reserved", "shortfall", "atp"
        )
        told = {(store, sku): tuple(numbers) for store, sku, *numbers in rows}
        for store in STORES:
            for sku in ITEMS:
                pair = (store, sku)
                on_hand, reserved, free = self.paper.on_hand(pair), self.paper.reserved(pair), self.paper.free(pair)
                unsellable = on_hand - self.paper.sellable(pair)
                expected = (on_hand, unsellable, reserved, max(-free, 0), max(free, 0))
                assert told.get(pair, (0, 0, 0, 0, 0)) == expected, pair

    @invariant()
    def every_channel_is_told_what_it_may_have(self):
        ids = {sku: pk for sku, pk in Item.objects.values_list("sku", "pk") if sku in {*ITEMS, *BUNDLES}}
        pairs = {(self.world.stores[store].pk, pk): (store, sku) for store in STORES for sku, pk in ids.items()}
        for channel in CHANNELS:
            kept_back = self.paper.kept_back[channel]
            told = promisable(pairs, kept_back=kept_back)
            assert {pairs[pair]: units for pair, units in told.items()} == {
                names: self.paper.promisable(*names, kept_back) for names in pairs.values()
            }
