from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # The index is built beside the running shop.

    dependencies = [("notices", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["subject_of"], name="notice_subject"),
        ),
    ]
