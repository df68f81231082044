"""What a customer carries away is gone, too, whatever other customers were promised and cannot have.

The claim of those who get theirs ends first, and with it the shortfall that others suffer would look smaller than it
is: the units that the claim held are on their way out.
"""

from django.db import migrations

FACTS = "'not_found', 'damaged', 'quarantined', 'written_off'"
# The posting function as before, but for what counts as a fact.
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
            p_reason IN ('not_found', 'damaged', 'quarantined', 'written_off', 'handed_over')
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


class Migration(migrations.Migration):
    dependencies = [("stock", "0008_promise_marks")]

    operations = [
        migrations.RunSQL(POST_MOVE, reverse_sql=POST_MOVE.replace(f"{FACTS}, 'handed_over'", FACTS)),
    ]
