"""Indexes that no statement reads, or that another one begins with, go: each was one more write for a list or a scan.

Where a picker stands (`at_bin`) changes with every bin scan, and an index of it kept the list's row from being updated
in place.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models


def drop(table: str, column: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"',
        f'CREATE INDEX CONCURRENTLY "{name}" ON "{table}" ("{column}")',
    )


class Migration(migrations.Migration):
    # Concurrently, as pickers go on meanwhile.
    atomic = False

    dependencies = [("picking", "0008_underage_goes_back")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign keys again as well.
            database_operations=[
                drop("picking_picklist", "at_bin_id", "picking_picklist_at_bin_id_affb202d"),
                drop("picking_picklist", "store_id", "picking_picklist_store_id_464aec75"),
                drop("picking_pickline", "pick_list_id", "picking_pickline_pick_list_id_9a21637e"),
                drop("picking_pickpart", "pick_list_id", "picking_pickpart_pick_list_id_0f8b6196"),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="picklist",
                    name="at_bin",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.bin",
                    ),
                ),
                migrations.AlterField(
                    model_name="picklist",
                    name="store",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pick_lists",
                        to="stores.store",
                    ),
                ),
                migrations.AlterField(
                    model_name="pickline",
                    name="pick_list",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="picking.picklist",
                    ),
                ),
                migrations.AlterField(
                    model_name="pickpart",
                    name="pick_list",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="picking.picklist",
                    ),
                ),
            ],
        ),
        RemoveIndexConcurrently(model_name="shortage", name="shortage_open"),
    ]
