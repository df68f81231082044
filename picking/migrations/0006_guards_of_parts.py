import django.db.models.deletion
from django.db import migrations, models

from stores.transitions import guard_transitions

# Parts, lines and totes are of one list, and everything a list holds is of its store.
SAME_HOUSE = """
ALTER TABLE picking_pickpart
    ADD CONSTRAINT pickpart_list_of_its_store
        FOREIGN KEY (pick_list_id, store_id) REFERENCES picking_picklist (id, store_id),
    ADD CONSTRAINT pickpart_fulfillment_of_its_store
        FOREIGN KEY (fulfillment_id, store_id) REFERENCES orders_fulfillment (id, store_id);
ALTER TABLE picking_pickline ADD CONSTRAINT pickline_part_of_its_list
    FOREIGN KEY (part_id, pick_list_id) REFERENCES picking_pickpart (id, pick_list_id);
ALTER TABLE picking_picktote ADD CONSTRAINT picktote_part_of_its_list
    FOREIGN KEY (part_id, pick_list_id) REFERENCES picking_pickpart (id, pick_list_id);
ALTER TABLE picking_picklist ADD CONSTRAINT picklist_wave_of_its_store
    FOREIGN KEY (wave_id, store_id) REFERENCES picking_wave (id, store_id);
ALTER TABLE picking_putback ADD CONSTRAINT putback_bin_of_its_store
    FOREIGN KEY (from_bin_id, store_id) REFERENCES stores_bin (id, store_id);
"""
APART = """
ALTER TABLE picking_putback DROP CONSTRAINT putback_bin_of_its_store;
ALTER TABLE picking_picklist DROP CONSTRAINT picklist_wave_of_its_store;
ALTER TABLE picking_picktote DROP CONSTRAINT picktote_part_of_its_list;
ALTER TABLE picking_pickline DROP CONSTRAINT pickline_part_of_its_list;
ALTER TABLE picking_pickpart
    DROP CONSTRAINT pickpart_fulfillment_of_its_store, DROP CONSTRAINT pickpart_list_of_its_store;
"""


class Migration(migrations.Migration):
    dependencies = [("picking", "0005_a_part_for_every_list")]

    operations = [
        migrations.AlterField(
            model_name="pickline",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="picking.pickpart"
            ),
        ),
        migrations.AlterField(
            model_name="picktote",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="totes", to="picking.pickpart"
            ),
        ),
        # The constraint that ties the column to the store goes with it.
        migrations.RemoveField(model_name="picklist", name="fulfillment"),
        migrations.RunSQL(SAME_HOUSE, reverse_sql=APART),
        guard_transitions("picking_putback", {"open": {"done"}}),
    ]
