"""What must always be true of orders (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "an order line's allocated units are what its fulfillments hold",
        """
        SELECT line.id, line.allocated, COALESCE(sum(part.quantity - part.short - part.cancelled), 0) AS held
        FROM orders_orderline line
        LEFT JOIN orders_fulfillmentline part ON part.order_line_id = line.id
        GROUP BY line.id HAVING line.allocated <> COALESCE(sum(part.quantity - part.short - part.cancelled), 0)
        """,
    ),
    Invariant(
        "an open fulfillment line holds a reservation for every unit that is neither short nor cancelled",
        """
        SELECT part.id, part.quantity - part.short - part.cancelled AS wanted,
               reservation.quantity AS reserved, reservation.state
        FROM orders_fulfillmentline part
        JOIN orders_fulfillment fulfillment ON fulfillment.id = part.fulfillment_id
        LEFT JOIN stock_reservation reservation ON reservation.id = part.reservation_id
        WHERE fulfillment.state IN ('allocated', 'picking', 'picked', 'staged')
          AND part.quantity > part.short + part.cancelled
          AND (reservation.id IS NULL OR reservation.state <> 'held'
               OR reservation.quantity <> part.quantity - part.short - part.cancelled)
        """,
    ),
    Invariant(
        "a fulfillment line of which nothing is wanted claims nothing",
        """
        SELECT part.id, reservation.quantity FROM orders_fulfillmentline part
        JOIN stock_reservation reservation ON reservation.id = part.reservation_id
        WHERE reservation.state = 'held' AND part.quantity = part.short + part.cancelled
        """,
    ),
    Invariant(
        "a fulfillment is cancelled if and only if nothing of it is wanted",
        """
        SELECT fulfillment.id, fulfillment.state, sum(part.quantity - part.short - part.cancelled) AS wanted
        FROM orders_fulfillment fulfillment JOIN orders_fulfillmentline part ON part.fulfillment_id = fulfillment.id
        GROUP BY fulfillment.id
        HAVING (fulfillment.state = 'cancelled') <> (sum(part.quantity - part.short - part.cancelled) = 0)
           -- What was short on a walk ends it when the walk is over.
           AND fulfillment.state <> 'picking'
        """,
    ),
    Invariant(
        "an order is cancelled if and only if all of it is",
        """
        SELECT placed.id, placed.state FROM orders_order placed JOIN orders_orderline line ON line.order_id = placed.id
        GROUP BY placed.id HAVING (placed.state = 'cancelled') <> (sum(line.quantity) = sum(line.cancelled))
        """,
    ),
    Invariant(
        "an order that is cancelled or completed has nothing under way",
        """
        SELECT placed.id, placed.state, fulfillment.id AS fulfillment FROM orders_order placed
        JOIN orders_fulfillment fulfillment ON fulfillment.order_id = placed.id
        WHERE placed.state IN ('cancelled', 'completed')
          AND fulfillment.state IN ('allocated', 'picking', 'picked', 'staged')
        """,
    ),
    Invariant(
        "a substitute stands in for a line of its own order that wants as much less",
        """
        SELECT given.id, given.quantity, was.cancelled FROM orders_orderline given
        JOIN orders_orderline was ON was.id = given.substitute_for_id
        JOIN orders_order placed ON placed.id = given.order_id
        WHERE was.order_id <> given.order_id OR was.bundle_id IS NOT NULL OR given.price > was.price
           OR NOT placed.allows_substitutes OR was.cancelled < (
               SELECT sum(other.quantity) FROM orders_orderline other WHERE other.substitute_for_id = was.id
           )
        """,
    ),
    Invariant(
        "every cancelled order has its event",
        """
        SELECT placed.id FROM orders_order placed WHERE placed.state = 'cancelled' AND NOT EXISTS (
            SELECT 1 FROM journal_event event
            WHERE event.subject = 'order:' || placed.id AND event.kind = 'orders.cancelled'
        )
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
        SELECT id, quantity, short, cancelled, picked, staged, handed_over FROM orders_fulfillmentline
        WHERE picked + short + cancelled > quantity OR staged > picked OR handed_over > staged
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
        "a bundle's lines are its components as they were when it was ordered",
        """
        SELECT bundle.id, count(line.id) AS lines FROM orders_orderbundle bundle
        LEFT JOIN orders_orderline line ON line.bundle_id = bundle.id
        GROUP BY bundle.id
        HAVING count(line.id) = 0 OR count(line.id) <> count(DISTINCT line.item_id)
            OR bool_or(line.quantity <> line.per_bundle * bundle.quantity OR line.order_id <> bundle.order_id)
        """,
    ),
    Invariant(
        "a bundle costs what its lines cost, to the cent",
        """
        SELECT bundle.id, bundle.price * bundle.quantity AS bundles, sum(line.price * line.quantity + line.price_rest)
        FROM orders_orderbundle bundle JOIN orders_orderline line ON line.bundle_id = bundle.id
        GROUP BY bundle.id
        HAVING sum(line.price * line.quantity + line.price_rest) <> bundle.price * bundle.quantity
        """,
    ),
    Invariant(
        "a line is never of a bundle itself",
        """
        SELECT line.id, line.item_id FROM orders_orderline line JOIN catalog_item item ON item.id = line.item_id
        WHERE item.is_bundle
        UNION ALL
        SELECT bundle.id, bundle.item_id FROM orders_orderbundle bundle
        JOIN catalog_item item ON item.id = bundle.item_id WHERE NOT item.is_bundle
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
