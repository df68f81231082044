"""What must always be true of orders (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "an order line's allocated units are what its fulfillments hold",
        """
        SELECT line.id, line.allocated, COALESCE(sum(part.quantity - part.short), 0) AS held
        FROM orders_orderline line
        LEFT JOIN orders_fulfillmentline part ON part.order_line_id = line.id
        GROUP BY line.id HAVING line.allocated <> COALESCE(sum(part.quantity - part.short), 0)
        """,
    ),
    Invariant(
        "an open fulfillment line holds a reservation for every unit that is not short",
        """
        SELECT part.id, part.quantity - part.short AS wanted, reservation.quantity AS reserved, reservation.state
        FROM orders_fulfillmentline part
        JOIN orders_fulfillment fulfillment ON fulfillment.id = part.fulfillment_id
        LEFT JOIN stock_reservation reservation ON reservation.id = part.reservation_id
        WHERE fulfillment.state IN ('allocated', 'picking', 'picked', 'staged') AND part.quantity > part.short
          AND (reservation.id IS NULL OR reservation.state <> 'held'
               OR reservation.quantity <> part.quantity - part.short)
        """,
    ),
    Invariant(
        "a fulfillment that is handed over has consumed its reservations",
        """
        SELECT part.id, reservation.state, reservation.quantity, part.handed_over
        FROM orders_fulfillmentline part
        JOIN orders_fulfillment fulfillment ON fulfillment.id = part.fulfillment_id
        LEFT JOIN stock_reservation reservation ON reservation.id = part.reservation_id
        WHERE fulfillment.state = 'handed_over' AND part.handed_over > 0
          AND (reservation.state IS DISTINCT FROM 'consumed' OR reservation.quantity <> part.handed_over)
        """,
    ),
    Invariant(
        "picked is within reserved, staged within picked, handed over within staged",
        """
        SELECT id, quantity, short, picked, staged, handed_over FROM orders_fulfillmentline
        WHERE picked + short > quantity OR staged > picked OR handed_over > staged
        """,
    ),
    Invariant(
        "a backordered order misses something, an allocated one nothing once its lists are finished",
        """
        SELECT placed.id, placed.state, sum(line.quantity - line.allocated - line.cancelled) AS missing
        FROM orders_order placed JOIN orders_orderline line ON line.order_id = placed.id
        WHERE placed.state IN ('allocated', 'backordered', 'completed')
        GROUP BY placed.id
        HAVING (placed.state = 'backordered') <> (sum(line.quantity - line.allocated - line.cancelled) > 0)
           -- What was short on a walk goes back to the order when the walk is over.
           AND NOT (placed.state = 'allocated' AND EXISTS (
               SELECT 1 FROM orders_fulfillment part WHERE part.order_id = placed.id AND part.state = 'picking'
           ))
        """,
    ),
    Invariant(
        "every order has the event of its placing",
        """
        SELECT placed.id FROM orders_order placed WHERE NOT EXISTS (
            SELECT 1 FROM journal_event event
            WHERE event.subject = 'order:' || placed.id AND event.kind = 'orders.placed'
        )
        """,
    ),
]
