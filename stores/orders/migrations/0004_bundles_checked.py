from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # The index is built, and the lines are looked at, beside the running shop.
    dependencies = [("orders", "0003_bundles")]

    operations = [
        AddIndexConcurrently(
            model_name="orderline",
            index=models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="orderline_bundle"),
        ),
        ValidateConstraint(model_name="orderline", name="orderline_per_bundle_iff_of_one"),
        ValidateConstraint(model_name="orderline", name="orderline_price_rest_in_cents"),
        migrations.RunSQL(
            "ALTER TABLE orders_orderline VALIDATE CONSTRAINT orderline_bundle_of_its_order;",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
