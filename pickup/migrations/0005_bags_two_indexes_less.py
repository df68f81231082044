"""Bags and their units are found by their unique constraints, which begin with the order's part and the bag."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, as work goes on meanwhile.
    atomic = False

    dependencies = [("pickup", "0004_age_check")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign key again as well.
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "pickup_stagedtote_fulfillment_id_91197364"',
                    'CREATE INDEX CONCURRENTLY "pickup_stagedtote_fulfillment_id_91197364" ON "pickup_stagedtote" ("fulfillment_id")',
                ),
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "pickup_stagedunit_staged_tote_id_44fceae0"',
                    'CREATE INDEX CONCURRENTLY "pickup_stagedunit_staged_tote_id_44fceae0" ON "pickup_stagedunit" ("staged_tote_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="stagedtote",
                    name="fulfillment",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staged_totes",
                        to="orders.fulfillment",
                    ),
                ),
                migrations.AlterField(
                    model_name="stagedunit",
                    name="staged_tote",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="units",
                        to="pickup.stagedtote",
                    ),
                ),
            ],
        ),
    ]
