"""The one way stock moves. The SQL function `stock_post_move` writes the move, both balances and the availability."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Model

from stores.models import Bin
from stores.stock.errors import NotInBin, StockPromised, violated_constraint
from stores.stock.hooks import tell_atp_rose
from stores.stock.models import Condition, Move

ARGUMENTS = {
    "key": "text",
    "store": "bigint",
    "item": "bigint",
    "source": "bigint",
    "source_condition": "text",
    "target": "bigint",
    "target_condition": "text",
    "quantity": "int",
    "reason": "text",
    "reference": "text",
    "associate": "bigint",
    "reverses": "bigint",
    "occurred_at": "timestamptz",
}


def post_move_call(**expressions: str) -> str:
    """The call of the posting function, to stand in a larger statement.

    Each argument is a placeholder of its own name (`%(item)s`), or the SQL expression given for it.
    """
    arguments = (f"{expressions.get(name, f'%({name})s')}::{kind}" for name, kind in ARGUMENTS.items())
    return f"stock_post_move({', '.join(arguments)})"


_POST_MOVE_SQL = f"SELECT {post_move_call()}"


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One move to be written. `key` is unique over all moves; `quantity` is in whole units.

    `item_name` is what a refusal calls the item; without it a refusal has only the id.
    """

    key: str
    item_id: int
    item_name: str = ""
    source: Bin
    target: Bin
    quantity: int
    reason: Move.Reason
    source_condition: Condition = Condition.SELLABLE
    target_condition: Condition = Condition.SELLABLE
    reference: str = ""
    associate: Model | None = None
    reverses_id: int | None = None
    occurred_at: datetime | None = None

    @property
    def store_id(self) -> int:
        return self.source.store_id

    @property
    def frees_stock(self) -> bool:
        """Whether units that could not be promised before now can be."""
        was = self.source.physical and self.source_condition == Condition.SELLABLE
        becomes = self.target.physical and self.target_condition == Condition.SELLABLE
        return becomes and not was

    def parameters(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "store": self.store_id,
            "item": self.item_id,
            "source": self.source.pk,
            "source_condition": self.source_condition,
            "target": self.target.pk,
            "target_condition": self.target_condition,
            "quantity": self.quantity,
            "reason": self.reason,
            "reference": self.reference,
            "associate": self.associate.pk if self.associate else None,
            "reverses": self.reverses_id,
            "occurred_at": self.occurred_at,
        }


def reversal(
    move: Move, *, key: str, reason: Move.Reason, associate: Model | None, at: datetime | None = None
) -> Posting:
    """What takes `move` back: its units the other way round, each end in the condition it had."""
    return Posting(
        key=key,
        item_id=move.item_id,
        item_name=move.item.name,
        source=move.target_bin,
        source_condition=Condition(move.target_condition),
        target=move.source_bin,
        target_condition=Condition(move.source_condition),
        quantity=move.quantity,
        reason=reason,
        reference=move.reference,
        associate=associate,
        reverses_id=move.pk,
        occurred_at=at,
    )


def post_move(posting: Posting) -> int:
    """Writes one move in the caller's transaction and returns its id.

    Raises NotInBin when a physical bin would go below zero, and StockPromised when units that customers were promised
    would leave or become unsellable.
    """
    with connection.cursor() as cursor:
        try:
            cursor.execute(_POST_MOVE_SQL, posting.parameters())
        except IntegrityError as error:
            refused = refusal_for(error, posting)
            if refused is None:
                raise
            raise refused from error
        (move_id,) = cursor.fetchone()
    if posting.frees_stock:
        tell_atp_rose(posting.store_id, posting.item_id)
    return int(move_id)


def post_moves(postings: Sequence[Posting]) -> list[int]:
    """Writes several moves in (store, item) order, the order in which every writer takes its locks."""
    return [post_move(posting) for posting in sorted(postings, key=lambda one: (one.store_id, one.item_id))]


# More of a condition than the bin, or even the whole store, has: availability is written before balances.
NOT_THERE = {
    "balance_physical_not_negative",
    "stock_availability_unsellable_check",
    "availability_unsellable_within_on_hand",
}


def refusal_for(error: IntegrityError, posting: Posting) -> NotInBin | StockPromised | None:
    """What a violated constraint of the ledger means, or None when it means a defect."""
    name = violated_constraint(error)
    item = posting.item_name or posting.item_id
    if name in NOT_THERE:
        return NotInBin(bin=posting.source.code, item=item, wanted=posting.quantity)
    if name in {"availability_reserved_within_on_hand", "stock_availability_on_hand_check"}:
        return StockPromised(item=item, wanted=posting.quantity)
    return None
