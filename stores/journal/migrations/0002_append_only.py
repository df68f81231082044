from django.db import migrations

from stores.transitions import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("stores", "0002_guards")]

    operations = [append_only("journal_event"), append_only("journal_seal")]
