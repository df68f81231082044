from django.db import migrations

from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("stores", "0002_guards")]

    operations = [
        guard_transitions(
            "orders_order",
            {
                "placed": {"allocated", "backordered", "cancelled"},
                "allocated": {"backordered", "cancelled", "completed"},
                "backordered": {"allocated", "cancelled", "completed"},
            },
        ),
        guard_transitions(
            "orders_fulfillment",
            {
                "allocated": {"cancelled", "picking"},
                "picking": {"cancelled", "picked"},
                "picked": {"cancelled", "staged"},
                "staged": {"cancelled", "expired", "handed_over", "picked"},
            },
        ),
    ]
