"""What must always be true of the item master (checked by `manage.py audit`)."""

from stores.journal.audit import Invariant

INVARIANTS = [
    Invariant(
        "a bundle that is approved or sold has components",
        """
        SELECT item.id, item.sku, item.state FROM catalog_item item
        WHERE item.is_bundle AND item.state IN ('approved', 'active')
          AND NOT EXISTS (SELECT FROM catalog_bundlecomponent inside WHERE inside.bundle_id = item.id)
        """,
    ),
    Invariant(
        "components are single items, and only bundles have any",
        """
        SELECT inside.id, bundle.sku, component.sku AS component FROM catalog_bundlecomponent inside
        JOIN catalog_item bundle ON bundle.id = inside.bundle_id
        JOIN catalog_item component ON component.id = inside.component_id
        WHERE NOT bundle.is_bundle OR component.is_bundle
        """,
    ),
]
