"""The page of one kind of refused words about items finds its lines without reading all messages."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sync", "0005_systems_and_channels")]

    operations = [
        AddIndexConcurrently(
            model_name="inboundmessage",
            index=models.Index(
                fields=["source", "reason", "ended_at"],
                condition=models.Q(connector="items"),
                name="inbound_items_by_kind",
            ),
        ),
    ]
