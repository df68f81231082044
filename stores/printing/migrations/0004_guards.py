from django.db import migrations, models

from stores.printing.models import PrintJob
from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("printing", "0003_sending"), ("stores", "0002_guards")]

    operations = [
        migrations.AddConstraint(
            model_name="printer",
            constraint=models.UniqueConstraint(fields=("id", "store"), name="printer_id_store_unique"),
        ),
        migrations.RunSQL(
            # A label goes to a printer of its own store.
            sql="""
                ALTER TABLE printing_printjob ADD CONSTRAINT printjob_printer_of_its_store
                FOREIGN KEY (printer_id, store_id) REFERENCES printing_printer (id, store_id);
            """,
            reverse_sql="ALTER TABLE printing_printjob DROP CONSTRAINT printjob_printer_of_its_store;",
        ),
        guard_transitions("printing_printjob", PrintJob.NEXT),
    ]
