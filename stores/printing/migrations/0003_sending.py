from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # Indexes are built beside the running shop.

    dependencies = [("printing", "0002_content_never_changes")]

    operations = [
        migrations.AddField(
            model_name="printjob",
            name="sending_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddIndexConcurrently(
            model_name="printjob",
            index=models.Index(condition=Q(state="unknown"), fields=["store"], name="printjob_asks"),
        ),
        AddIndexConcurrently(
            model_name="printjob",
            index=models.Index(
                condition=Q(state__in=["queued", "working"]), fields=["printer", "id"], name="printjob_line"
            ),
        ),
    ]
