from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_express_substitutes_cancelled")]

    operations = [
        migrations.AddField(
            model_name="fulfillmentline",
            name="short_after",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
