"""A store's fulfillments are found by its index with their state and promise."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, as work goes on meanwhile.
    atomic = False

    dependencies = [("orders", "0006_short_after")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign key again as well.
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "orders_fulfillment_store_id_e3ed4332"',
                    'CREATE INDEX CONCURRENTLY "orders_fulfillment_store_id_e3ed4332" ON "orders_fulfillment" ("store_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="fulfillment",
                    name="store",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fulfillments",
                        to="stores.store",
                    ),
                ),
            ],
        ),
    ]
