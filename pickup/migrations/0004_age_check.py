from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pickup", "0003_bags_and_identity")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="age_checked_at",
            field=models.DateTimeField(blank=True, help_text="When an ID was looked at.", null=True),
        ),
    ]
