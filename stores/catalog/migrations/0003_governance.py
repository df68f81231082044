"""What keeps the item master true: states, history, bundles, and who owns which field."""

from django.db import migrations

from stores.transitions import append_only, guard_transitions, never_emptied

# Each changed column becomes a line of the item's history, with who and why from the running transaction's setting
# (see actions/explain.py). A change that gives no reason is refused, so no road leads around the history.
HISTORY = """
CREATE FUNCTION catalog_item_said(p_field text, p_row jsonb) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE p_field
        WHEN 'category_id' THEN (SELECT code FROM catalog_category WHERE id = (p_row->>'category_id')::bigint)
        WHEN 'style_id' THEN (SELECT code FROM catalog_style WHERE id = (p_row->>'style_id')::bigint)
        ELSE p_row->>p_field
    END
$$;

CREATE FUNCTION catalog_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given text := NULLIF(current_setting('storehand.change', true), '');
    why jsonb;
BEGIN
    IF given IS NULL THEN
        RAISE EXCEPTION 'an item changes only with a reason' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    why := given::jsonb;
    INSERT INTO catalog_fieldchange (item_id, field, was, became, system, associate_id, request_id, reason)
    SELECT NEW.id, regexp_replace(now_has.key, '_id$', ''),
           catalog_item_said(now_has.key, to_jsonb(OLD)), catalog_item_said(now_has.key, to_jsonb(NEW)),
           why->>'system', (why->>'associate')::bigint, (why->>'request')::bigint, why->>'reason'
    FROM jsonb_each(to_jsonb(NEW)) AS now_has
    WHERE to_jsonb(OLD)->now_has.key IS DISTINCT FROM now_has.value
    ORDER BY now_has.key;
    RETURN NULL;
END $$;

CREATE TRIGGER catalog_item_history AFTER UPDATE ON catalog_item FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalog_keep_history();
"""
NO_HISTORY = """
DROP TRIGGER catalog_item_history ON catalog_item;
DROP FUNCTION catalog_keep_history;
DROP FUNCTION catalog_item_said;
"""

BUNDLES = """
ALTER TABLE catalog_bundlecomponent
    ADD CONSTRAINT bundlecomponent_bundle_is_one
        FOREIGN KEY (bundle_id, bundle_is_bundle) REFERENCES catalog_item (id, is_bundle),
    ADD CONSTRAINT bundlecomponent_component_is_none
        FOREIGN KEY (component_id, component_is_bundle) REFERENCES catalog_item (id, is_bundle);
"""
NO_BUNDLES = """
ALTER TABLE catalog_bundlecomponent
    DROP CONSTRAINT bundlecomponent_bundle_is_one, DROP CONSTRAINT bundlecomponent_component_is_none;
"""

# What was sold before there were states stays sold.
STATES = "UPDATE catalog_item SET state = CASE WHEN is_active THEN 'active' ELSE 'retired' END;"

OWNERS = {
    "price": "pos",
    "currency": "pos",
    "name": "storehand",
    "category": "storehand",
    "style": "storehand",
    "size": "storehand",
    "color": "storehand",
    "pack_count": "storehand",
    "abc_class": "storehand",
    "length_mm": "erp",
    "width_mm": "erp",
    "height_mm": "erp",
    "weight_g": "erp",
    "is_age_restricted": "storehand",
    "is_fragile": "storehand",
    "is_hazardous": "erp",
    "is_serialised": "storehand",
}


def name_owners(apps, schema_editor):
    owners = apps.get_model("catalog", "FieldOwner")
    owners.objects.bulk_create(owners(field=field, system=system) for field, system in OWNERS.items())


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_item_master"), ("stores", "0002_guards")]

    operations = [
        migrations.RunSQL(STATES, reverse_sql=migrations.RunSQL.noop),
        guard_transitions(
            "catalog_item",
            {
                "draft": {"approved", "retired"},
                "approved": {"active", "retired"},
                "active": {"retired"},
                "retired": {"approved"},
            },
        ),
        guard_transitions("catalog_changerequest", {"open": {"approved", "refused", "withdrawn"}}),
        append_only("catalog_fieldchange"),
        never_emptied("catalog_fieldchange"),
        migrations.RunSQL(HISTORY, reverse_sql=NO_HISTORY),
        migrations.RunSQL(BUNDLES, reverse_sql=NO_BUNDLES),
        migrations.RunPython(name_owners, migrations.RunPython.noop),
    ]
