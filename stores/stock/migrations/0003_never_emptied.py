from django.db import migrations

from stores.transitions import never_emptied


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_ledger")]

    operations = [never_emptied("stock_move")]
