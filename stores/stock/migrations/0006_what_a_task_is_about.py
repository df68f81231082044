from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0005_facts_and_followers")]

    operations = [
        migrations.AddField(
            model_name="stocktask",
            name="reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
