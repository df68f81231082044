from django.db import migrations

from stores.transitions import never_emptied


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [never_emptied("journal_event"), never_emptied("journal_seal")]
