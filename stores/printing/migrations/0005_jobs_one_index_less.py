"""A store's print jobs are found by its index with their time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, as work goes on meanwhile.
    atomic = False

    dependencies = [("printing", "0004_guards")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign key again as well.
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "printing_printjob_store_id_bfce73cb"',
                    'CREATE INDEX CONCURRENTLY "printing_printjob_store_id_bfce73cb" ON "printing_printjob" ("store_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="printjob",
                    name="store",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="print_jobs",
                        to="stores.store",
                    ),
                ),
            ],
        ),
    ]
