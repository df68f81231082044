from django.db import migrations

from stores.notices.models import Notice
from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_subject_index"), ("stores", "0002_guards")]

    operations = [guard_transitions("notices_notice", Notice.NEXT)]
