"""A cart's lines are found by their unique constraint, which begins with the cart."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, as work goes on meanwhile.
    atomic = False

    dependencies = [("stock", "0010_count_requests")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign key again as well.
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "stock_cartline_cart_id_84904115"',
                    'CREATE INDEX CONCURRENTLY "stock_cartline_cart_id_84904115" ON "stock_cartline" ("cart_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="cartline",
                    name="cart",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="stock.cart",
                    ),
                ),
            ],
        ),
    ]
