from django.db import migrations

from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("picking", "0001_initial"), ("stores", "0002_guards"), ("orders", "0001_initial")]

    operations = [
        guard_transitions(
            "picking_picklist",
            {
                "open": {"cancelled", "picking"},
                "picking": {"cancelled", "done"},
            },
        ),
        migrations.RunSQL(
            # A list belongs to its fulfillment's store.
            sql="""
                ALTER TABLE picking_picklist ADD CONSTRAINT picklist_fulfillment_of_its_store
                FOREIGN KEY (fulfillment_id, store_id) REFERENCES orders_fulfillment (id, store_id);
            """,
            reverse_sql="ALTER TABLE picking_picklist DROP CONSTRAINT picklist_fulfillment_of_its_store;",
        ),
    ]
