"""What must always be true of pickup (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "a line's staged units are the sum of what was put into bags",
        """
        SELECT line.id, line.staged, COALESCE(sum(unit.quantity), 0) AS in_bags
        FROM orders_fulfillmentline line LEFT JOIN pickup_stagedunit unit ON unit.fulfillment_line_id = line.id
        GROUP BY line.id HAVING line.staged <> COALESCE(sum(unit.quantity), 0)
        """,
    ),
    Invariant(
        "a line's handed over units are the sum of what was in bags that left",
        """
        SELECT line.id, line.handed_over, COALESCE(sum(unit.quantity), 0) AS left_in_bags
        FROM orders_fulfillmentline line
        LEFT JOIN (
            SELECT unit.fulfillment_line_id, unit.quantity FROM pickup_stagedunit unit
            JOIN pickup_stagedtote bag ON bag.id = unit.staged_tote_id AND bag.left_at IS NOT NULL
        ) unit ON unit.fulfillment_line_id = line.id
        GROUP BY line.id HAVING line.handed_over <> COALESCE(sum(unit.quantity), 0)
        """,
    ),
    Invariant(
        "a ready order has all its picked units staged, and a customer's link",
        """
        SELECT fulfillment.id FROM orders_fulfillment fulfillment
        WHERE fulfillment.state = 'staged' AND (
            EXISTS (
                SELECT 1 FROM orders_fulfillmentline line
                WHERE line.fulfillment_id = fulfillment.id AND line.staged <> line.picked
            )
            OR NOT EXISTS (SELECT 1 FROM pickup_customerlink link WHERE link.fulfillment_id = fulfillment.id)
        )
        """,
    ),
    Invariant(
        "a fulfillment is handed over if and only if its handover is complete, and nothing of it is left",
        """
        SELECT fulfillment.id, fulfillment.state, handover.handed_over_at FROM orders_fulfillment fulfillment
        LEFT JOIN pickup_handover handover ON handover.fulfillment_id = fulfillment.id
        WHERE (fulfillment.state = 'handed_over') <> (handover.handed_over_at IS NOT NULL)
           OR (fulfillment.state = 'handed_over' AND EXISTS (
                SELECT 1 FROM pickup_stagedtote bag
                WHERE bag.fulfillment_id = fulfillment.id AND bag.left_at IS NULL
           ))
        """,
    ),
    Invariant(
        "every ready order and every handover has its event",
        """
        SELECT fulfillment.id, wanted.kind FROM orders_fulfillment fulfillment
        JOIN (VALUES ('staged', 'pickup.ready'), ('handed_over', 'pickup.ready'), ('handed_over', 'pickup.handed_over'))
            AS wanted (state, kind) ON wanted.state = fulfillment.state
        WHERE NOT EXISTS (
            SELECT 1 FROM journal_event event
            WHERE event.subject = 'fulfillment:' || fulfillment.id AND event.kind = wanted.kind
        )
        """,
    ),
    Invariant(
        "a served customer's order was handed over",
        """
        SELECT arrival.id FROM pickup_arrival arrival
        JOIN orders_fulfillment fulfillment ON fulfillment.id = arrival.fulfillment_id
        WHERE (arrival.state = 'served') <> (fulfillment.state = 'handed_over')
           OR arrival.store_id <> fulfillment.store_id
        """,
    ),
    Invariant(
        "a bag lies in a bin of its order's store",
        """
        SELECT bag.id FROM pickup_stagedtote bag
        JOIN orders_fulfillment fulfillment ON fulfillment.id = bag.fulfillment_id
        JOIN stores_bin bin ON bin.id = bag.bin_id
        WHERE bin.store_id <> fulfillment.store_id
        """,
    ),
]
