"""Units go from the bin into the tote: the step done most often, so it is one guarded statement."""

from datetime import datetime

from django.db import IntegrityError, connection

from picking.actions.turns.why_refused import why_refused
from picking.errors import TooMany
from picking.queries.walk import Walk, WalkLine
from stores.models import Device, Store
from stores.staff.models import Associate
from stores.stock.actions.post_move import post_move_call
from stores.stock.errors import NotInBin, violated_constraint

# The guard (enough units open, the list in this associate's hands, the tote its order's), the counts, the stock move
# and the event in one round trip. `stock_post_move` is the ledger's own posting function.
_POST = post_move_call(
    item="line.item_id",
    source="line.bin_id",
    source_condition="'sellable'",
    target="%(tote)s",
    target_condition="'sellable'",
    reason="'picked'",
    reverses="NULL",
    occurred_at="%(at)s",
)
_CONFIRM_SQL = f"""
WITH used AS (
    SELECT id FROM picking_picktote
    WHERE tote_id = %(tote)s::bigint AND part_id = %(part)s::bigint AND emptied_at IS NULL FOR KEY SHARE
), line AS (
    UPDATE picking_pickline SET picked = picked + %(quantity)s::int
    WHERE id = %(line)s::bigint AND quantity - picked - short - withdrawn >= %(quantity)s::int
      AND EXISTS (
          SELECT 1 FROM picking_pickclaim claim JOIN picking_picklist list ON list.id = claim.pick_list_id
          WHERE claim.pick_list_id = picking_pickline.pick_list_id AND claim.ended_at IS NULL
            AND claim.associate_id = %(associate)s::bigint AND list.state = 'picking'
      )
      AND EXISTS (SELECT 1 FROM used)
    RETURNING id, fulfillment_line_id, item_id, bin_id, picked
), counted AS (
    UPDATE orders_fulfillmentline SET picked = orders_fulfillmentline.picked + %(quantity)s::int
    FROM line WHERE orders_fulfillmentline.id = line.fulfillment_line_id
), moved AS (
    SELECT {_POST} AS id FROM line
), event AS (
    INSERT INTO journal_event (kind, store_id, subject, actor_id, device_id, item_id, quantity, data, key,
                               occurred_at)
    SELECT 'picking.unit_picked', %(store)s::bigint, 'pickline:' || line.id, %(associate)s::bigint,
           %(device)s::bigint, line.item_id, %(quantity)s::int, jsonb_build_object('list', %(list)s::bigint),
           %(key)s::text, COALESCE(%(at)s::timestamptz, now())
    FROM line
)
SELECT line.picked FROM line, moved
"""  # noqa: S608  # Put together from constants only.


def confirm_pick(
    *,
    store: Store,
    walk: Walk,
    line: WalkLine,
    quantity: int,
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None = None,
) -> Walk:
    """Puts `quantity` units of the line into its order's tote and returns the walk as it is then.

    Raises TooMany, NotYourList, NotInBin, ToteFirst when its tote was given back, and, where the order changed
    meanwhile, LineWithdrawn or ListCancelled. `key` makes the move unique; `at` is when it was scanned, if not now.
    """
    if quantity > line.open_quantity:
        raise TooMany(item=line.name, wanted=line.open_quantity, came=quantity)
    part = walk.part_of(line)
    parameters = {
        "line": line.pk,
        "list": walk.pk,
        "quantity": quantity,
        "associate": associate.pk,
        "device": device.pk if device else None,
        "store": store.pk,
        "tote": part.tote_id,
        "part": part.pk,
        "key": key,
        "at": at,
        "reference": f"pickline:{line.pk}",
    }
    with connection.cursor() as cursor:
        try:
            cursor.execute(_CONFIRM_SQL, parameters)
        except IntegrityError as error:
            if violated_constraint(error) == "balance_physical_not_negative":
                raise NotInBin(bin=line.bin_code, item=line.name, wanted=quantity) from error
            raise
        row = cursor.fetchone()
    if row is None:
        raise why_refused(store=store, walk=walk, line=line, quantity=quantity, associate=associate)
    return walk.with_line(line.pk, picked=row[0])
