"""Goods that customers bring back."""

from collections.abc import Sequence

from django.db.models import Model

from stores.catalog.models import Item
from stores.catalog.queries.components import components_of
from stores.journal.actions.record import record
from stores.models import Bin, BinKind
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.models import Condition, Move
from stores.stock.queries.bins import virtual_bin


def take_back(
    *,
    key: str,
    bin: Bin,
    item: Item,
    quantity: int,
    condition: Condition,
    reference: str,
    associate: Model | None = None,
) -> list[int]:
    """Puts `quantity` units from the customer into `bin`; of a bundle, its components as they are now.

    `reference` is the document behind it. Returns the ids of the moves. For a bundle that has had other components when
    it was sold, the caller names those to `take_back_units`.
    """
    units = [(part, inside * quantity) for part, inside in components_of(item)]
    return take_back_units(
        key=key, bin=bin, units=units, condition=condition, reference=reference, associate=associate, sold_as=item
    )


def take_back_units(
    *,
    key: str,
    bin: Bin,
    units: Sequence[tuple[Item, int]],
    condition: Condition,
    reference: str,
    associate: Model | None = None,
    sold_as: Item,
) -> list[int]:
    """Puts (item, units) from the customer into `bin`; no item is a bundle, or twice among them.

    `sold_as` is what the customer had bought: the item itself, or a bundle of them. Returns the ids of the moves.
    """
    customer = virtual_bin(bin.store_id, BinKind.CUSTOMER)
    moves = []
    # The order of item ids is the order in which every writer takes its locks.
    for part, quantity in sorted(units, key=lambda one: one[0].pk):
        move_id = post_move(
            Posting(
                key=f"{key}:{part.pk}",
                item_id=part.pk,
                source=customer,
                target=bin,
                target_condition=condition,
                quantity=quantity,
                reason=Move.Reason.RETURNED,
                reference=reference,
                associate=associate,
            )
        )
        record(
            kind="stock.returned",
            subject=f"move:{move_id}",
            store=bin.store_id,
            actor=associate,
            item=part,
            quantity=quantity,
            data={"bin": bin.code, "condition": condition, "for": reference, "sold_as": sold_as.sku},
            key=key,
        )
        moves.append(move_id)
    return moves
