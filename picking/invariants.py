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
        "a fulfillment line's picked units are those of its pick lines, less what goes back",
        """
        SELECT part.id, part.picked, COALESCE(sum(line.picked - line.put_back), 0) AS in_lists
        FROM orders_fulfillmentline part LEFT JOIN picking_pickline line ON line.fulfillment_line_id = part.id
        GROUP BY part.id HAVING part.picked <> COALESCE(sum(line.picked - line.put_back), 0)
        """,
    ),
    Invariant(
        "an order is being picked as long as one of its lists is, and no longer",
        """
        SELECT fulfillment.id, fulfillment.state, array_agg(list.state) AS lists FROM orders_fulfillment fulfillment
        JOIN picking_pickpart part ON part.fulfillment_id = fulfillment.id
        JOIN picking_picklist list ON list.id = part.pick_list_id
        GROUP BY fulfillment.id
        HAVING (fulfillment.state = 'allocated' AND bool_or(list.state IN ('picking', 'done')))
            OR (fulfillment.state = 'picking' AND NOT bool_or(list.state IN ('open', 'picking')))
            OR (fulfillment.state IN ('picked', 'staged', 'handed_over')
                AND bool_or(list.state IN ('open', 'picking')))
        """,
    ),
    Invariant(
        "a list holds exactly the lines of its parts, and a line is of its part's order",
        """
        SELECT line.id FROM picking_pickline line
        JOIN picking_pickpart part ON part.id = line.part_id
        JOIN orders_fulfillmentline wanted ON wanted.id = line.fulfillment_line_id
        WHERE wanted.fulfillment_id <> part.fulfillment_id OR wanted.item_id <> line.item_id
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
        "an order is released once: all its lists are of one wave",
        """
        SELECT part.fulfillment_id, array_agg(DISTINCT list.wave_id) AS waves FROM picking_pickpart part
        JOIN picking_picklist list ON list.id = part.pick_list_id
        GROUP BY part.fulfillment_id HAVING count(DISTINCT list.wave_id) > 1
        """,
    ),
    Invariant(
        "nobody holds a list that has ended",
        """
        SELECT claim.id FROM picking_pickclaim claim JOIN picking_picklist list ON list.id = claim.pick_list_id
        WHERE claim.ended_at IS NULL AND list.state IN ('done', 'cancelled')
        """,
    ),
    Invariant(
        "what was short on a list that has ended has taken one of its roads",
        """
        SELECT missed.id, missed.quantity FROM picking_shortage missed
        JOIN orders_fulfillmentline wanted ON wanted.id = missed.fulfillment_line_id
        JOIN orders_fulfillment fulfillment ON fulfillment.id = wanted.fulfillment_id
        WHERE missed."end" = '' AND fulfillment.state NOT IN ('allocated', 'picking')
        """,
    ),
    Invariant(
        "a line's short units are those of its shortages",
        """
        SELECT line.id, line.short, sum(missed.quantity) AS in_shortages FROM picking_pickline line
        JOIN picking_shortage missed ON missed.pick_line_id = line.id
        GROUP BY line.id HAVING line.short <> sum(missed.quantity)
        """,
    ),
    Invariant(
        "what is to be put back is claimed until it is, and not longer",
        """
        SELECT going.id, going.state, going.quantity - going.put AS units, claim.state AS claim, claim.quantity
        FROM picking_putback going JOIN stock_reservation claim ON claim.id = going.reservation_id
        WHERE (going.state = 'open') <> (claim.state = 'held')
           OR going.state = 'open' AND claim.quantity <> going.quantity - going.put
           OR claim.reference <> 'putback:' || going.id
        """,
    ),
    Invariant(
        "what is to be put back lies where its task says",
        """
        SELECT going.from_bin_id, going.item_id, sum(going.quantity - going.put) AS units, balance.quantity
        FROM picking_putback going
        LEFT JOIN stock_balance balance ON balance.bin_id = going.from_bin_id AND balance.item_id = going.item_id
            AND balance.condition = 'sellable'
        WHERE going.state = 'open' GROUP BY going.from_bin_id, going.item_id, balance.quantity
        HAVING COALESCE(balance.quantity, 0) < sum(going.quantity - going.put)
        """,
    ),
    Invariant(
        "picked units that go back have their tasks",
        """
        SELECT wanted.id, wanted.put_back, COALESCE(tasks.units, 0) AS in_tasks FROM (
            SELECT fulfillment_line_id AS id, sum(put_back) AS put_back FROM picking_pickline
            GROUP BY fulfillment_line_id
        ) wanted
        LEFT JOIN (
            SELECT fulfillment_line_id, sum(quantity) AS units FROM picking_putback GROUP BY fulfillment_line_id
        ) tasks ON tasks.fulfillment_line_id = wanted.id
        WHERE wanted.put_back <> COALESCE(tasks.units, 0)
        """,
    ),
    Invariant(
        "a tote of a list that has ended is in use only as long as something lies in it",
        """
        SELECT used.id, used.tote_id, list.state FROM picking_picktote used
        JOIN picking_picklist list ON list.id = used.pick_list_id
        WHERE used.emptied_at IS NULL AND list.state IN ('done', 'cancelled') AND NOT EXISTS (
            SELECT 1 FROM stock_balance balance WHERE balance.bin_id = used.tote_id AND balance.quantity > 0
        )
        """,
    ),
]
