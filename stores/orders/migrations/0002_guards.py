from django.db import migrations

from stores.orders.models import Fulfillment, Order
from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("stores", "0002_guards")]

    operations = [
        guard_transitions("orders_order", Order.NEXT),
        guard_transitions("orders_fulfillment", Fulfillment.NEXT),
    ]
