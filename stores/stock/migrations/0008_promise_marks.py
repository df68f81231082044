"""Changes of items that change what stores can promise leave a mark, by triggers, for those who follow availability."""

import django.db.models.deletion
from django.db import migrations, models

import stores.journal.models

MARKED = """
CREATE FUNCTION stock_mark_promise(p_item bigint, p_everywhere boolean) RETURNS void LANGUAGE sql AS $$
    INSERT INTO stock_promisemark (item_id, everywhere) VALUES (p_item, p_everywhere)
    ON CONFLICT (item_id) DO UPDATE
    SET changed_in = pg_current_xact_id()::text::bigint,
        everywhere = stock_promisemark.everywhere OR EXCLUDED.everywhere
$$;

CREATE FUNCTION stock_mark_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM stock_mark_promise(NEW.id, NEW.is_bundle OR OLD.is_bundle);
    RETURN NULL;
END $$;
CREATE TRIGGER stock_item_marked AFTER UPDATE ON catalog_item FOR EACH ROW
WHEN ((OLD.state, OLD.sku, OLD.is_bundle) IS DISTINCT FROM (NEW.state, NEW.sku, NEW.is_bundle))
EXECUTE FUNCTION stock_mark_item();

CREATE FUNCTION stock_mark_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM stock_mark_promise(OLD.bundle_id, true);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM stock_mark_promise(NEW.bundle_id, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_bundle_marked AFTER INSERT OR UPDATE OR DELETE ON catalog_bundlecomponent FOR EACH ROW
EXECUTE FUNCTION stock_mark_bundle();
"""

UNMARKED = """
DROP TRIGGER stock_bundle_marked ON catalog_bundlecomponent;
DROP TRIGGER stock_item_marked ON catalog_item;
DROP FUNCTION stock_mark_bundle;
DROP FUNCTION stock_mark_item;
DROP FUNCTION stock_mark_promise;
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0007_cart_lines"), ("catalog", "0003_governance")]

    operations = [
        migrations.CreateModel(
            name="PromiseMark",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="catalog.item",
                    ),
                ),
                ("everywhere", models.BooleanField(db_default=False, default=False)),
                (
                    "changed_in",
                    models.BigIntegerField(db_default=stores.journal.models.CurrentTransaction(), editable=False),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["changed_in", "item"], name="promisemark_changed")],
            },
        ),
        migrations.RunSQL(MARKED, reverse_sql=UNMARKED),
    ]
