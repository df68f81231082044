"""What must always be true of the ledger (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "a balance is the sum of its moves",
        """
        WITH summed AS (
            SELECT bin_id, item_id, condition, sum(quantity) AS quantity FROM (
                SELECT target_bin_id AS bin_id, item_id, target_condition AS condition, quantity FROM stock_move
                UNION ALL
                SELECT source_bin_id, item_id, source_condition, -quantity FROM stock_move
            ) ends GROUP BY bin_id, item_id, condition
        )
        SELECT bin_id, item_id, condition, balance.quantity AS balance, summed.quantity AS moves
        FROM stock_balance balance FULL JOIN summed USING (bin_id, item_id, condition)
        WHERE COALESCE(balance.quantity, 0) <> COALESCE(summed.quantity, 0)
        """,
    ),
    Invariant(
        "on hand and unsellable are the sums of balances in physical bins",
        """
        WITH summed AS (
            SELECT store_id, item_id, sum(quantity) AS on_hand,
                   COALESCE(sum(quantity) FILTER (WHERE condition <> 'sellable'), 0) AS unsellable
            FROM stock_balance WHERE physical GROUP BY store_id, item_id
        )
        SELECT store_id, item_id, availability.on_hand, availability.unsellable,
               summed.on_hand AS on_hand_in_bins, summed.unsellable AS unsellable_in_bins
        FROM stock_availability availability FULL JOIN summed USING (store_id, item_id)
        WHERE COALESCE(availability.on_hand, 0) <> COALESCE(summed.on_hand, 0)
           OR COALESCE(availability.unsellable, 0) <> COALESCE(summed.unsellable, 0)
        """,
    ),
    Invariant(
        "a physical bin never goes below zero",
        "SELECT bin_id, item_id, condition, quantity FROM stock_balance WHERE physical AND quantity < 0",
    ),
    Invariant(
        "reserved is the sum of held reservations",
        """
        WITH summed AS (
            SELECT store_id, item_id, sum(quantity) AS reserved FROM stock_reservation
            WHERE state = 'held' GROUP BY store_id, item_id
        )
        SELECT store_id, item_id, availability.reserved, summed.reserved AS held
        FROM stock_availability availability FULL JOIN summed USING (store_id, item_id)
        WHERE COALESCE(availability.reserved, 0) <> COALESCE(summed.reserved, 0)
        """,
    ),
    Invariant(
        "reserved stays within what is on hand and sellable, plus the recorded shortfall",
        """
        SELECT store_id, item_id, on_hand, unsellable, reserved, shortfall FROM stock_availability
        WHERE reserved < 0 OR reserved > on_hand - unsellable + shortfall
        """,
    ),
    Invariant(
        "no reservation is held 60 seconds past its expiry",
        """
        SELECT id, store_id, item_id, expires_at FROM stock_reservation
        WHERE state = 'held' AND expires_at < now() - interval '60 seconds'
        """,
    ),
    Invariant(
        "a balance belongs to its bin's store",
        """
        SELECT balance.id FROM stock_balance balance JOIN stores_bin bin ON bin.id = balance.bin_id
        WHERE balance.store_id <> bin.store_id OR balance.physical <> bin.physical
        """,
    ),
    Invariant(
        "a move stays inside its store",
        """
        SELECT move.id FROM stock_move move
        JOIN stores_bin source ON source.id = move.source_bin_id
        JOIN stores_bin target ON target.id = move.target_bin_id
        WHERE source.store_id <> move.store_id OR target.store_id <> move.store_id
        """,
    ),
    Invariant(
        "a bundle has no stock of its own",
        """
        SELECT item.id, item.sku FROM catalog_item item WHERE item.is_bundle AND (
            EXISTS (SELECT FROM stock_availability availability WHERE availability.item_id = item.id)
            OR EXISTS (SELECT FROM stock_balance balance WHERE balance.item_id = item.id)
            OR EXISTS (SELECT FROM stock_reservation reservation WHERE reservation.item_id = item.id)
        )
        """,
    ),
    Invariant(
        "a count holds what was moved aside for it, no more and no less",
        """
        SELECT count.id, count.held, COALESCE(sum(move.quantity), 0) AS moved_aside FROM stock_countrequest count
        LEFT JOIN stock_move move ON move.reference = 'countrequest:' || count.id AND move.reason = 'not_found'
            AND move.target_bin_id = count.bin_id AND move.item_id = count.item_id
        GROUP BY count.id, count.held HAVING count.held <> COALESCE(sum(move.quantity), 0)
        """,
    ),
    Invariant(
        "only a place in the building is counted, and only what lies there by itself",
        """
        SELECT count.id, bin.code, item.sku FROM stock_countrequest count
        JOIN stores_bin bin ON bin.id = count.bin_id JOIN catalog_item item ON item.id = count.item_id
        WHERE NOT bin.physical OR item.is_bundle OR bin.store_id <> count.store_id
        """,
    ),
    Invariant(
        "nothing is set free or written off by a count that nobody has made",
        """
        SELECT count.id, count.state FROM stock_countrequest count
        JOIN stock_move move ON move.reference = 'countrequest:' || count.id
        WHERE count.state = 'open' AND move.reason IN ('released', 'counted')
        """,
    ),
    Invariant(
        "what is held for a cart runs out, and not later than the cart may be held in all",
        """
        SELECT claim.id, claim.expires_at, cart.expires_at_max
        FROM stock_reservation claim JOIN stock_cart cart ON cart.id = claim.cart_id
        WHERE claim.state = 'held' AND (claim.expires_at IS NULL OR claim.expires_at > cart.expires_at_max)
        """,
    ),
    Invariant(
        "everything held for a cart runs out at one moment",
        """
        SELECT cart_id, min(expires_at), max(expires_at) FROM stock_reservation
        WHERE state = 'held' AND cart_id IS NOT NULL
        GROUP BY cart_id HAVING min(expires_at) <> max(expires_at)
        """,
    ),
    Invariant(
        "no order took a claim of a cart after its time",
        """
        SELECT given.id FROM stock_reservation given
        WHERE given.cart_id IS NOT NULL AND given.end_reason LIKE 'order:%'
          AND (given.state <> 'released' OR given.ended_at > given.expires_at + interval '60 seconds')
        """,
    ),
    Invariant(
        "a claim for a cart names it, and only such a claim does",
        """
        SELECT id, reference, cart_id FROM stock_reservation
        WHERE state = 'held' AND (cart_id IS NOT NULL OR reference LIKE 'cart:%')
          AND reference IS DISTINCT FROM 'cart:' || cart_id
        """,
    ),
]
