"""Bins that somebody must count; and what a till sold, or a count found, has happened whoever was promised it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from stores.transitions import guard_transitions

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
            p_reason IN (
                'not_found', 'damaged', 'quarantined', 'written_off', 'handed_over', 'sold', 'counted'
            )
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

# A request is of its bin's store.
SAME_STORE = """
ALTER TABLE stock_countrequest ADD CONSTRAINT countrequest_bin_of_its_store
    FOREIGN KEY (bin_id, store_id) REFERENCES stores_bin (id, store_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_picking_needs"),
        ("stock", "0009_handed_over_is_a_fact"),
        ("stores", "0003_plan_of_the_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="move",
            name="reason",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("received", "Received"),
                    ("picked", "Picked"),
                    ("pick_undone", "Pick undone"),
                    ("not_found", "Not found while picking"),
                    ("damaged", "Damaged"),
                    ("staged", "Staged"),
                    ("handed_over", "Handed over"),
                    ("put_back", "Put back"),
                    ("corrected", "Corrected"),
                    ("put_away", "Put away"),
                    ("moved", "Moved"),
                    ("replenished", "Replenished"),
                    ("displayed", "Put on display"),
                    ("quarantined", "Quarantined"),
                    ("released", "Released for sale"),
                    ("written_off", "Written off"),
                    ("found", "Found"),
                    ("returned", "Returned"),
                    ("sold", "Sold at the till"),
                    ("counted", "Counted"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="CountRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("not_found", "Not there when it was to be picked"),
                            ("wrong_item", "Another item lay there"),
                            ("sold", "Sold at the till, and not in the record"),
                            ("asked", "Asked for by a lead"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("answered", "Counted")], default="open", max_length=8),
                ),
                ("held", models.PositiveIntegerField(db_default=0, default=0)),
                ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("counted", models.PositiveIntegerField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="count_requests", to="stores.bin"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.item"),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="count_requests",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["store", "opened_at"], name="countrequest_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("bin", "item"),
                        name="countrequest_one_open_per_bin_and_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("counted__isnull", True), ("state", "open")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("counted__isnull", False),
                                ("state", "answered"),
                            ),
                            _connector="OR",
                        ),
                        name="countrequest_answered_with_a_number",
                    ),
                ],
            },
        ),
        guard_transitions("stock_countrequest", {"open": {"answered"}}),
        migrations.RunSQL(
            SAME_STORE, reverse_sql="ALTER TABLE stock_countrequest DROP CONSTRAINT countrequest_bin_of_its_store;"
        ),
        migrations.RunSQL(POST_MOVE, reverse_sql=POST_MOVE.replace(", 'sold', 'counted'", "")),
    ]
