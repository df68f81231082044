"""Lists made before there were parts have one part each: the order they were made for."""

from django.db import migrations

FILL = """
INSERT INTO picking_pickpart (pick_list_id, store_id, fulfillment_id, position)
SELECT id, store_id, fulfillment_id, 1 FROM picking_picklist;
UPDATE picking_picktote SET part_id = part.id
FROM picking_pickpart part WHERE part.pick_list_id = picking_picktote.pick_list_id;
UPDATE picking_pickline SET part_id = part.id
FROM picking_pickpart part WHERE part.pick_list_id = picking_pickline.pick_list_id;
"""


class Migration(migrations.Migration):
    dependencies = [("picking", "0004_waves_and_parts")]

    operations = [migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop)]
