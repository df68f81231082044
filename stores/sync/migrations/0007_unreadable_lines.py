"""A line of a file that nobody can read waits under a reason of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0006_item_words_by_kind"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inboundmessage",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("bad_signature", "Signature does not match"),
                    ("malformed", "Body cannot be read"),
                    ("unknown_sku", "Unknown SKU"),
                    ("unknown_store", "Unknown store"),
                    ("unknown_topic", "Unknown kind of message"),
                    ("refused", "Refused"),
                    ("no_goods", "Not goods"),
                    ("blank_name", "No description"),
                    ("no_price", "No price"),
                    ("conflicting_name", "Conflicting descriptions"),
                    ("duplicate_code", "Duplicate code"),
                    ("duplicate_gtin", "Barcode of another item"),
                    ("not_owner", "Another system owns the field"),
                    ("invalid", "A value is not valid"),
                    ("unreadable", "Line cannot be read"),
                    ("error", "Could not be applied"),
                ],
                max_length=16,
            ),
        ),
    ]
