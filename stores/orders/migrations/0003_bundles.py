from decimal import Decimal

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

# A line is of its bundle's order: no road leads to a bundle of another customer.
SAME_ORDER = """
ALTER TABLE orders_orderline ADD CONSTRAINT orderline_bundle_of_its_order
    FOREIGN KEY (bundle_id, order_id) REFERENCES orders_orderbundle (id, order_id)
    DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards"), ("catalog", "0003_governance")]

    operations = [
        migrations.CreateModel(
            name="OrderBundle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(blank=True, max_length=100)),
                ("quantity", models.PositiveIntegerField()),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.item"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bundles", to="orders.order"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="orderbundle",
            constraint=models.CheckConstraint(condition=Q(quantity__gte=1), name="orderbundle_quantity_positive"),
        ),
        migrations.AddConstraint(
            model_name="orderbundle",
            constraint=models.UniqueConstraint(fields=("id", "order"), name="orderbundle_id_order_unique"),
        ),
        migrations.AddField(
            model_name="orderline",
            name="bundle",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="orders.orderbundle",
            ),
        ),
        migrations.AddField(
            model_name="orderline", name="per_bundle", field=models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="orderline",
            name="price_rest",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="What the whole line costs beyond its price times its units: cents a bundle's price leaves over.",
                max_digits=10,
            ),
        ),
        # Existing lines are looked at in the next migration, which holds nobody up.
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=Q(bundle__isnull=True, per_bundle__isnull=True) | Q(bundle__isnull=False, per_bundle__gte=1),
                name="orderline_per_bundle_iff_of_one",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=Q(price_rest__gte=0) & Q(price_rest__lt=F("quantity") * Decimal("0.01")),
                name="orderline_price_rest_in_cents",
            ),
        ),
        migrations.RunSQL(
            SAME_ORDER,
            reverse_sql="ALTER TABLE orders_orderline DROP CONSTRAINT orderline_bundle_of_its_order;",
        ),
    ]
