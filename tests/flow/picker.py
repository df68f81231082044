"""A picker with a cart of several orders, or of one zone's part of them."""

from collections.abc import Callable, Mapping

from playwright.sync_api import expect

from tests.flow.conftest import Handheld
from tests.flow.house import House


def free_totes(house: House) -> list[str]:
    return [
        code
        for (code,) in house.ask(
            """SELECT bin.code FROM stores_bin bin JOIN stores_store store ON store.id = bin.store_id
               WHERE store.code = 'YORK' AND bin.kind = 'tote' AND NOT EXISTS (
                   SELECT FROM picking_picktote used WHERE used.tote_id = bin.id AND used.emptied_at IS NULL)
               ORDER BY bin.code DESC"""
        )
    ]


class Cart:
    """A picker with a list: does what the screen asks for, and what a test wants done at an item instead."""

    def __init__(self, handheld: Handheld, house: House, pk: int) -> None:
        self.handheld = handheld
        self.page = handheld.page
        self.house = house
        self.pk = pk
        # By order number: its place on the cart, and its tote.
        self.places: dict[str, int] = dict(
            house.ask(
                """SELECT o.number, part.position FROM picking_pickpart part
                   JOIN orders_fulfillment f ON f.id = part.fulfillment_id JOIN orders_order o ON o.id = f.order_id
                   WHERE part.pick_list_id = %s""",
                pk,
            )
        )
        self.totes: dict[str, str] = {}

    def start(self, totes: list[str]) -> None:
        self.page.goto(self.house.url)
        self.handheld.look("home")
        self.page.locator(f"a.work[href='/pick/{self.pk}/']").click()
        self.page.locator("#start").wait_for()
        self.handheld.look("start")
        self.page.click("#start")
        self.page.locator("#scan").wait_for()
        self.handheld.look("tote")
        for number, place in sorted(self.places.items(), key=lambda pair: pair[1]):
            self.totes[number] = totes.pop()
            expect(self.page.locator("#screen")).to_contain_text(number)
            self.scan(self.totes[number], says=f"{self.totes[number]} is tote {place}")

    def scan(self, code: str, *, says: str) -> None:
        self.handheld.scan(code, says=says)
        self.handheld.wait_until_sent()

    @property
    def asks(self) -> str:
        return self.page.locator("#scan-label").inner_text()

    @property
    def place(self) -> int:
        """Of the next unit; while the one before is in the hand, that one has the large number."""
        following = self.page.locator(".put-in .then")
        if following.count():
            return int(following.inner_text().split()[-1])
        return int(self.page.locator(".put-in strong").inner_text())

    def walk(
        self, instead: Mapping[str, Callable[[], bool]] = {}, then: Callable[[int], None] = lambda _place: None
    ) -> list[tuple[str, str]]:
        """Picks unit by unit until all is picked; returns (bin, SKU) of each.

        `instead`: what else to do at an item of this SKU, answering whether that deals with it. `then` is told after
        each unit the place on the cart it went to.
        """
        picked: list[tuple[str, str]] = []
        seen: set[str] = set()
        while self.asks != "Scan your tote":
            where = self.page.locator("#screen .bin").first.inner_text()
            if self.asks == "Scan the bin":
                self.scan(where, says=f"{where} is right")
            sku = self.page.locator("#screen .card .sku").last.inner_text()
            if sku not in seen:
                self.handheld.look(f"at-{sku.lower()}")
                seen.add(sku)
            if sku in instead and instead[sku]():
                continue
            place = self.place
            self.scan(sku, says=f"Put in tote {place}")
            picked.append((where, sku))
            then(place)
        return picked

    def cannot_find(self, *, says: str) -> None:
        self.page.locator("a[href='#short']").click()
        self.handheld.look("short")
        self.page.locator("dialog[open] button.primary").click()
        self.page.locator("#band", has_text=says).wait_for()
        self.handheld.look("after-short")

    def finish(self) -> None:
        self.handheld.look("finish")
        self.scan(self.page.locator("#screen .bin").first.inner_text(), says="is done")
        self.handheld.look("ended")
