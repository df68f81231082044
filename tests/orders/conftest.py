"""Orders by themselves, and orders that somebody picks."""

from dataclasses import dataclass, field

import pytest

from stores.orders import hooks
from stores.orders.hooks import Withdrawal
from stores.orders.models import Fulfillment
from stores.stock.actions.reservations import give, reserve


@dataclass
class Floor:
    """Stands in for those who pick: makes no lists, and writes down what it is told."""

    locked: list[list[int]] = field(default_factory=list)
    withdrawn: list[tuple[int, int, str]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)

    def lock(self, fulfillments: list[Fulfillment]) -> None:
        self.locked.append([one.pk for one in fulfillments])

    def withdraw(self, withdrawal: Withdrawal) -> None:
        self.withdrawn.append((withdrawal.unpicked, withdrawal.picked, withdrawal.reason))
        if withdrawal.picked:
            # What is put back is promised to nobody until it lies on its shelf.
            line = withdrawal.line
            reserve(
                key=f"{withdrawal.key}:back",
                store_id=line.fulfillment.store_id,
                item_id=line.item_id,
                quantity=withdrawal.picked,
                reference=f"putback:{line.pk}",
                given=withdrawal.picked,
            )
            assert line.reservation is not None
            give(
                reservation=line.reservation,
                units=withdrawal.picked,
                reason=withdrawal.reason,
                key=f"{withdrawal.key}:given",
            )

    def cancel(self, fulfillment: Fulfillment) -> None:
        self.cancelled.append(fulfillment.pk)


@pytest.fixture
def floor(monkeypatch) -> Floor:
    floor = Floor()
    monkeypatch.setattr(hooks, "_allocated", [])
    monkeypatch.setattr(hooks, "_withdrawing", [floor.lock])
    monkeypatch.setattr(hooks, "_withdrawn", [floor.withdraw])
    monkeypatch.setattr(hooks, "_cancelled", [floor.cancel])
    return floor
