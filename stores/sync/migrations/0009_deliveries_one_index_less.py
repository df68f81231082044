"""An event's deliveries are found by their unique constraint, which begins with the event."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, as work goes on meanwhile.
    atomic = False

    dependencies = [("sync", "0008_channels_with_keys_stay")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # By hand: Django would drop and check the foreign key again as well.
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS "sync_webhookdelivery_event_id_08d74e0f"',
                    'CREATE INDEX CONCURRENTLY "sync_webhookdelivery_event_id_08d74e0f" ON "sync_webhookdelivery" ("event_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="webhookdelivery",
                    name="event",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="deliveries",
                        to="journal.event",
                    ),
                ),
            ],
        ),
    ]
