"""What has happened is posted even when it eats a promise; and whoever follows availability can tell what changed."""

from django.db import migrations

from stores.transitions import guard_transitions

# A fact raises the shortfall to what is promised and not there; every other change only lowers it, and the CHECK
# refuses what would take promised units.
CHANGE_AVAILABILITY = """
CREATE FUNCTION stock_change_availability(
    p_store bigint, p_item bigint, p_on_hand integer, p_unsellable integer, p_fact boolean
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR attempt IN 1..2 LOOP
        UPDATE stock_availability
        SET on_hand = on_hand + p_on_hand, unsellable = unsellable + p_unsellable,
            shortfall = CASE
                WHEN p_fact THEN GREATEST(0, reserved - (on_hand + p_on_hand - unsellable - p_unsellable))
                ELSE LEAST(shortfall, GREATEST(0, reserved - (on_hand + p_on_hand - unsellable - p_unsellable)))
            END
        WHERE store_id = p_store AND item_id = p_item;
        EXIT WHEN FOUND;
        INSERT INTO stock_availability (store_id, item_id) VALUES (p_store, p_item)
        ON CONFLICT (store_id, item_id) DO NOTHING;
    END LOOP;
END $$;
"""

# The posting function as before, but for the last argument of stock_change_availability.
POST_MOVE = """
CREATE OR REPLACE FUNCTION stock_post_move(
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
        PERFORM stock_change_availability(
            p_store, p_item, on_hand_change, unsellable_change,
            p_reason IN ('not_found', 'damaged', 'quarantined', 'written_off')
        );
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

FOLLOWED = """
CREATE FUNCTION stock_mark_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_availability_changed BEFORE UPDATE ON stock_availability FOR EACH ROW
EXECUTE FUNCTION stock_mark_changed();
"""

COMPOSITE_KEYS = """
ALTER TABLE stock_availability ADD CONSTRAINT availability_item_is_no_bundle
    FOREIGN KEY (item_id, is_bundle) REFERENCES catalog_item (id, is_bundle);
ALTER TABLE stock_stocktask ADD CONSTRAINT stocktask_bin_of_its_store
    FOREIGN KEY (source_bin_id, store_id) REFERENCES stores_bin (id, store_id);
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_promising_and_handling"), ("catalog", "0003_governance")]

    operations = [
        # The function of four arguments stays for the code that runs while this one is put in place.
        migrations.RunSQL(
            CHANGE_AVAILABILITY,
            reverse_sql="DROP FUNCTION stock_change_availability(bigint, bigint, integer, integer, boolean);",
        ),
        migrations.RunSQL(POST_MOVE, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(
            FOLLOWED,
            reverse_sql="DROP TRIGGER stock_availability_changed ON stock_availability; DROP FUNCTION stock_mark_changed;",
        ),
        migrations.RunSQL(
            COMPOSITE_KEYS,
            reverse_sql="""
                ALTER TABLE stock_availability DROP CONSTRAINT availability_item_is_no_bundle;
                ALTER TABLE stock_stocktask DROP CONSTRAINT stocktask_bin_of_its_store;
            """,
        ),
        guard_transitions("stock_stocktask", {"open": {"done", "cancelled"}}),
    ]
