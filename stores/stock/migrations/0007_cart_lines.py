"""What a cart was filled with, how long it may be held in all, and that every claim of a cart runs out."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_governance"),
        ("stock", "0006_what_a_task_is_about"),
        ("stores", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="cart",
            name="expires_at_max",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), help_text="However often it is extended."
            ),
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="stock.cart"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.item"),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("cart", "store", "item"), name="cartline_unique"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="cartline_quantity_positive"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("cart__isnull", True), ("expires_at__isnull", False), _connector="OR"),
                name="reservation_of_a_cart_expires",
            ),
        ),
    ]
