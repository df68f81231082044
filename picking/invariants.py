"""What must always be true of picking (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "a line's picked units are its moves into totes, less those undone",
        """
        WITH moved AS (
            SELECT reference, sum(CASE reason WHEN 'picked' THEN quantity ELSE -quantity END) AS units
            FROM stock_move WHERE reason IN ('picked', 'pick_undone') GROUP BY reference
        )
        SELECT line.id, line.picked, moved.units AS moved
        FROM picking_pickline line LEFT JOIN moved ON moved.reference = 'pickline:' || line.id
        WHERE line.picked <> COALESCE(moved.units, 0)
        """,
    ),
    Invariant(
        "a fulfillment line's picked units are the sum of its pick lines",
        """
        SELECT part.id, part.picked, COALESCE(sum(line.picked), 0) AS in_lists
        FROM orders_fulfillmentline part LEFT JOIN picking_pickline line ON line.fulfillment_line_id = part.id
        GROUP BY part.id HAVING part.picked <> COALESCE(sum(line.picked), 0)
        """,
    ),
    Invariant(
        "a list that is being picked or done has an allocated fulfillment behind it in the matching state",
        """
        SELECT list.id, list.state, fulfillment.state AS fulfillment_state FROM picking_picklist list
        JOIN orders_fulfillment fulfillment ON fulfillment.id = list.fulfillment_id
        WHERE (list.state = 'open' AND fulfillment.state <> 'allocated')
           OR (list.state = 'picking' AND fulfillment.state <> 'picking')
           OR (list.state = 'done' AND fulfillment.state IN ('allocated', 'picking'))
        """,
    ),
    Invariant(
        "every picked unit has its event",
        """
        SELECT move.id FROM stock_move move WHERE move.reason = 'picked' AND NOT EXISTS (
            SELECT 1 FROM journal_event event
            WHERE event.subject = move.reference AND event.key = move.key AND event.kind = 'picking.unit_picked'
        )
        """,
    ),
    Invariant(
        "nobody holds a list that has ended",
        """
        SELECT claim.id FROM picking_pickclaim claim JOIN picking_picklist list ON list.id = claim.pick_list_id
        WHERE claim.ended_at IS NULL AND list.state IN ('done', 'cancelled')
        """,
    ),
]
