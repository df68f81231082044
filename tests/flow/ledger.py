"""What the ledger's own moves add up to: not what the balances kept beside them say."""

from tests.flow.house import House


def units_in(house: House, store: str, code: str) -> dict[str, int]:
    """In one bin, by SKU."""
    rows = house.ask(
        """SELECT item.sku, sum(CASE WHEN move.target_bin_id = bin.id THEN move.quantity ELSE -move.quantity END)
           FROM stock_move move
           JOIN stores_bin bin ON bin.id IN (move.source_bin_id, move.target_bin_id)
                AND move.source_bin_id <> move.target_bin_id
           JOIN stores_store store ON store.id = bin.store_id JOIN catalog_item item ON item.id = move.item_id
           WHERE store.code = %s AND bin.code = %s GROUP BY 1""",
        store, code,
    )  # fmt: skip
    return {sku: int(units) for sku, units in rows if units}


def moved_by(house: House, key: str) -> list[int]:
    """The units of every move that the scan with this key made."""
    return [units for (units,) in house.ask("SELECT quantity FROM stock_move WHERE key LIKE %s", f"pick:%:{key}")]


def units_by_kind(house: House, sku: str, store: str = "YORK") -> dict[str, int]:
    """Where the units of an item lie: kind of bin, and condition if not sellable."""
    rows = house.ask(
        """SELECT bin.kind || CASE side.condition WHEN 'sellable' THEN '' ELSE ' ' || side.condition END,
                  sum(side.quantity)
           FROM (
               SELECT item_id, target_bin_id AS bin_id, target_condition AS condition, quantity FROM stock_move
               UNION ALL
               SELECT item_id, source_bin_id, source_condition, -quantity FROM stock_move
           ) side
           JOIN catalog_item item ON item.id = side.item_id JOIN stores_bin bin ON bin.id = side.bin_id
           JOIN stores_store store ON store.id = bin.store_id
           WHERE item.sku = %s AND store.code = %s AND bin.kind NOT IN ('supplier', 'customer', 'transit', 'variance')
           GROUP BY 1""",
        sku, store,
    )  # fmt: skip
    return {kind: int(units) for kind, units in rows if units}
