from django.db import migrations

from stores.transitions import guard_transitions


class Migration(migrations.Migration):
    dependencies = [("pickup", "0001_initial"), ("stores", "0002_guards"), ("orders", "0001_initial")]

    operations = [
        guard_transitions(
            "pickup_arrival",
            {
                "on_the_way": {"here", "served"},
                "here": {"served"},
            },
        ),
        migrations.RunSQL(
            sql="""
                ALTER TABLE pickup_arrival ADD CONSTRAINT arrival_fulfillment_of_its_store
                FOREIGN KEY (fulfillment_id, store_id) REFERENCES orders_fulfillment (id, store_id);
            """,
            reverse_sql="ALTER TABLE pickup_arrival DROP CONSTRAINT arrival_fulfillment_of_its_store;",
        ),
    ]
