"""Stock that comes in from the world outside."""

from django.db.models import Model

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Bin, BinKind
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.models import Condition, Move
from stores.stock.queries.bins import virtual_bin


def receive(
    *,
    key: str,
    bin: Bin,
    item: Item,
    quantity: int,
    associate: Model | None = None,
    reason: Move.Reason = Move.Reason.RECEIVED,
    condition: Condition = Condition.SELLABLE,
) -> int:
    """Puts `quantity` units from the supplier into `bin`. Returns the move's id."""
    move_id = post_move(
        Posting(
            key=key,
            item_id=item.pk,
            source=virtual_bin(bin.store_id, BinKind.SUPPLIER),
            target=bin,
            target_condition=condition,
            quantity=quantity,
            reason=reason,
            associate=associate,
        )
    )
    record(
        kind="stock.received",
        subject=f"move:{move_id}",
        store=bin.store_id,
        actor=associate,
        item=item,
        quantity=quantity,
        data={"bin": bin.code, "condition": condition, "reason": reason},
        key=key,
    )
    return move_id
