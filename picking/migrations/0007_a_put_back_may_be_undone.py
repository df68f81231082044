from django.db import migrations

from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("picking", "0006_guards_of_parts")]
    operations = [guard_transitions("picking_putback", {"open": {"done"}, "done": {"open"}})]
