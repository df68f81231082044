"""Stock as a person would keep it on paper: what lies where, who was promised what. No code of the house is in it."""

from collections import Counter
from dataclasses import dataclass, field

Pair = tuple[str, str]  # (store, item)
SELLABLE = "sellable"


@dataclass
class PaperCart:
    """`claims` are units by (store, item); the cart has a right to them while it is `live`."""

    channel: str
    content: Counter[Pair] = field(default_factory=Counter)
    claims: Counter[Pair] = field(default_factory=Counter)
    live: bool = False


@dataclass
class PaperOrder:
    store: str
    wanted: Counter[str]


@dataclass
class Paper:
    """Every method says whether it happened; what did not has changed nothing."""

    bundles: dict[str, dict[str, int]]
    lying: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)  # store, bin, item, condition
    claims: dict[str, tuple[Pair, int]] = field(default_factory=dict)
    carts: dict[str, PaperCart] = field(default_factory=dict)
    ordered: Counter[Pair] = field(default_factory=Counter)
    waiting: list[PaperOrder] = field(default_factory=list)
    kept_back: dict[str, int] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    to_count: dict[tuple[str, str, str], int] = field(default_factory=dict)  # (store, bin, item): units held

    # --- the arithmetic ---

    def sellable(self, pair: Pair) -> int:
        return sum(
            units
            for (store, _bin, item, condition), units in self.lying.items()
            if (store, item) == pair and condition == SELLABLE
        )

    def on_hand(self, pair: Pair) -> int:
        return sum(units for (store, _bin, item, _condition), units in self.lying.items() if (store, item) == pair)

    def reserved(self, pair: Pair) -> int:
        single = sum(units for claimed, units in self.claims.values() if claimed == pair)
        return single + self.ordered[pair] + sum(cart.claims[pair] for cart in self.carts.values())

    def free(self, pair: Pair) -> int:
        return self.sellable(pair) - self.reserved(pair)

    def atp(self, pair: Pair) -> int:
        return max(self.free(pair), 0)

    def promisable(self, store: str, name: str, kept_back: int = 0) -> int:
        """Of an item or a bundle, as somebody sees it from whom units are kept back."""
        if name in self.retired:
            return 0
        return min(
            0 if part in self.retired else max(self.atp((store, part)) - kept_back, 0) // each
            for part, each in self.parts(name).items()
        )

    def parts(self, name: str) -> dict[str, int]:
        return self.bundles.get(name, {name: 1})

    # --- goods ---

    def lay(self, store: str, place: str, item: str, condition: str, units: int) -> bool:
        self.lying[store, place, item, condition] += units
        return True

    def carry(
        self, source: tuple[str, str, str, str], target: tuple[str, str] | None, units: int, *, fact: bool
    ) -> bool:
        """To another (bin, condition), or out of the building. Only a fact may take what was promised."""
        store, _place, item, condition = source
        if self.lying[source] < units:
            return False
        loses = units if condition == SELLABLE and (target is None or target[1] != SELLABLE) else 0
        if loses and not fact and self.free((store, item)) < loses:
            return False
        self.lying[source] -= units
        if target:
            self.lying[store, target[0], item, target[1]] += units
        return True

    def sell(self, store: str, places: tuple[str, ...], name: str, units: int) -> set[str]:
        """Takes them from the bins in this order; the items of which there were too few, which are not refused."""
        lacking = set()
        for part, each in self.parts(name).items():
            left = units * each
            for place in places:
                taken = min(left, self.lying[store, place, part, SELLABLE])
                self.lying[store, place, part, SELLABLE] -= taken
                left -= taken
            if left:
                lacking.add(part)
        return lacking

    def ask_for_count(self, store: str, place: str, item: str, held: int) -> None:
        taken = min(held, self.lying[store, place, item, SELLABLE])
        self.lying[store, place, item, SELLABLE] -= taken
        self.lying[store, place, item, "quarantined"] += taken
        self.to_count[store, place, item] = self.to_count.get((store, place, item), 0) + taken

    def count(self, store: str, place: str, item: str, units: int) -> None:
        """What somebody counted is what lies there; what was held for it is held no more."""
        held = self.to_count.pop((store, place, item))
        self.lying[store, place, item, SELLABLE] = units
        self.lying[store, place, item, "quarantined"] -= min(held, self.lying[store, place, item, "quarantined"])

    # --- promises ---

    def claim(self, key: str, pair: Pair, units: int) -> bool:
        if pair[1] in self.retired or self.atp(pair) < units:
            return False
        self.claims[key] = (pair, units)
        return True

    def shrink(self, key: str, by: int) -> None:
        pair, units = self.claims.pop(key)
        if units > by:
            self.claims[key] = (pair, units - by)

    def fill(self, name: str, channel: str, lines: list[tuple[str, str, int]]) -> bool:
        cart = self.carts.get(name) or PaperCart(channel)
        content: Counter[Pair] = Counter()
        for store, item, units in lines:
            content[store, item] += units
        before = cart.content if cart.live else Counter()
        if content == before:
            self._changes_hands(name, cart, channel)
            return True
        wanted: Counter[Pair] = Counter()
        for (store, item), units in content.items():
            for part, each in self.parts(item).items():
                wanted[store, part] += units * each
        own = cart.claims if cart.live else Counter()
        # What it held and has no right to any more is there for everybody, the cart itself among them.
        freed = Counter() if cart.live else cart.claims
        for pair, units in wanted.items():
            more = units - own[pair]
            there = max(self.free(pair) + freed[pair], 0) - self.kept_back[channel]
            if more > 0 and (pair[1] in self.retired or there < more):
                return False
        for pair, units in content.items():
            if pair[1] in self.bundles and pair[1] in self.retired and units > before[pair]:
                return False
        self._changes_hands(name, cart, channel)
        cart.content, cart.claims, cart.live = content, wanted, True
        return True

    def _changes_hands(self, name: str, cart: PaperCart, channel: str) -> None:
        cart.channel = channel
        self.carts[name] = cart

    def extend(self, name: str) -> bool:
        return self.carts[name].live

    def end_cart(self, name: str) -> None:
        self.carts[name].live = False
        self.carts[name].claims = Counter()

    def sweep(self) -> int:
        """Claims that ended: one for each item of a store in each cart whose time is over."""
        ended = 0
        for name, cart in self.carts.items():
            if not cart.live:
                ended += sum(units > 0 for units in cart.claims.values())
                self.end_cart(name)
        return ended

    def order(self, store: str, lines: list[tuple[str, int]], cart: str | None) -> str:
        wanted: Counter[str] = Counter()
        for name, units in lines:
            for part, each in self.parts(name).items():
                wanted[part] += units * each
        if self.retired & {*wanted, *(name for name, _units in lines)}:
            return "refused"
        order = PaperOrder(store, wanted)
        own = self.carts[cart].claims if cart and self.carts[cart].live else Counter()
        if cart and not self.carts[cart].live:
            self.end_cart(cart)
        if state := self._give(order, own):
            self.ordered.update({(store, item): units for item, units in wanted.items()})
        else:
            self.waiting.append(order)
        if cart:
            self.end_cart(cart)
        return "allocated" if state else "backordered"

    def retry(self) -> int:
        found = 0
        for order in list(self.waiting):
            if not self.retired & {*order.wanted} and self._give(order, Counter()):
                self.ordered.update({(order.store, item): units for item, units in order.wanted.items()})
                self.waiting.remove(order)
                found += 1
        return found

    def _give(self, order: PaperOrder, own: Counter[Pair]) -> bool:
        """Whether the store has all of it, beyond what a cart of the order has claimed already."""
        return all(
            units <= own[order.store, item] or units - own[order.store, item] <= self.atp((order.store, item))
            for item, units in order.wanted.items()
        )
