"""The one posting function, and what keeps the ledger true beside it."""

from django.db import migrations

from stores.transitions import append_only, guard_transitions

POST_MOVE = """
CREATE FUNCTION stock_post_move(
    p_key text, p_store bigint, p_item bigint,
    p_source bigint, p_source_condition text, p_target bigint, p_target_condition text,
    p_quantity integer, p_reason text, p_reference text,
    p_associate bigint, p_reverses bigint, p_occurred_at timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    source_physical boolean;
    target_physical boolean;
    on_hand_change integer;
    unsellable_change integer;
    move_id bigint;
BEGIN
    SELECT physical INTO STRICT source_physical FROM stores_bin WHERE id = p_source AND store_id = p_store;
    SELECT physical INTO STRICT target_physical FROM stores_bin WHERE id = p_target AND store_id = p_store;

    INSERT INTO stock_move (
        key, store_id, item_id, source_bin_id, source_condition, target_bin_id, target_condition,
        quantity, reason, reference, associate_id, reverses_id, occurred_at
    ) VALUES (
        p_key, p_store, p_item, p_source, p_source_condition, p_target, p_target_condition,
        p_quantity, p_reason, p_reference, p_associate, p_reverses, COALESCE(p_occurred_at, now())
    ) RETURNING id INTO move_id;

    on_hand_change := (target_physical::int - source_physical::int) * p_quantity;
    unsellable_change := (
        (target_physical AND p_target_condition <> 'sellable')::int
        - (source_physical AND p_source_condition <> 'sellable')::int
    ) * p_quantity;
    -- Availability before balances, and balances in bin order: two postings of one item cannot deadlock.
    IF on_hand_change <> 0 OR unsellable_change <> 0 THEN
        PERFORM stock_change_availability(p_store, p_item, on_hand_change, unsellable_change);
    END IF;
    IF (p_source, p_source_condition) < (p_target, p_target_condition) THEN
        PERFORM stock_change_balance(p_store, p_source, p_item, p_source_condition, source_physical, -p_quantity);
        PERFORM stock_change_balance(p_store, p_target, p_item, p_target_condition, target_physical, p_quantity);
    ELSE
        PERFORM stock_change_balance(p_store, p_target, p_item, p_target_condition, target_physical, p_quantity);
        PERFORM stock_change_balance(p_store, p_source, p_item, p_source_condition, source_physical, -p_quantity);
    END IF;
    RETURN move_id;
END $$;
"""

# Update first: the row is nearly always there, and an insert that could go below zero must not be tried.
CHANGES = """
CREATE FUNCTION stock_change_balance(
    p_store bigint, p_bin bigint, p_item bigint, p_condition text, p_physical boolean, p_change integer
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR attempt IN 1..2 LOOP
        UPDATE stock_balance SET quantity = quantity + p_change
        WHERE bin_id = p_bin AND item_id = p_item AND condition = p_condition;
        EXIT WHEN FOUND;
        INSERT INTO stock_balance (store_id, bin_id, item_id, condition, physical, quantity)
        VALUES (p_store, p_bin, p_item, p_condition, p_physical, 0)
        ON CONFLICT (bin_id, item_id, condition) DO NOTHING;
    END LOOP;
END $$;

CREATE FUNCTION stock_change_availability(
    p_store bigint, p_item bigint, p_on_hand integer, p_unsellable integer
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR attempt IN 1..2 LOOP
        UPDATE stock_availability SET on_hand = on_hand + p_on_hand, unsellable = unsellable + p_unsellable
        WHERE store_id = p_store AND item_id = p_item;
        EXIT WHEN FOUND;
        INSERT INTO stock_availability (store_id, item_id) VALUES (p_store, p_item)
        ON CONFLICT (store_id, item_id) DO NOTHING;
    END LOOP;
END $$;
"""

# A balance and a move belong to their bin's store; a balance knows truly whether its bin is physical.
COMPOSITE_KEYS = """
ALTER TABLE stock_balance ADD CONSTRAINT balance_bin_of_its_store
    FOREIGN KEY (bin_id, store_id, physical) REFERENCES stores_bin (id, store_id, physical);
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial"), ("stores", "0002_guards"), ("journal", "0002_append_only")]

    operations = [
        append_only("stock_move"),
        guard_transitions(
            "stock_reservation",
            {
                "held": {"consumed", "expired", "released"},
            },
        ),
        migrations.RunSQL(
            sql=COMPOSITE_KEYS,
            reverse_sql="ALTER TABLE stock_balance DROP CONSTRAINT balance_bin_of_its_store;",
        ),
        migrations.RunSQL(
            sql=CHANGES,
            reverse_sql="DROP FUNCTION stock_change_balance; DROP FUNCTION stock_change_availability;",
        ),
        migrations.RunSQL(sql=POST_MOVE, reverse_sql="DROP FUNCTION stock_post_move;"),
    ]
