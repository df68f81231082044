"""The item master: what is sold, what it is called, who may say so, and how it got here."""

from stores.catalog.models.duplicates import KnownDifferent
from stores.catalog.models.governance import ChangeRequest, FieldChange, FieldOwner, System
from stores.catalog.models.importing import ImportFile, ImportLine, ItemImport, NonGoodsCode
from stores.catalog.models.items import (
    OWN_SOURCE,
    Alias,
    Barcode,
    BundleComponent,
    Category,
    Item,
    Picture,
    Style,
    Substitute,
    fold_code,
)

__all__ = [
    "OWN_SOURCE",
    "Alias",
    "Barcode",
    "BundleComponent",
    "Category",
    "ChangeRequest",
    "FieldChange",
    "FieldOwner",
    "ImportFile",
    "ImportLine",
    "Item",
    "ItemImport",
    "KnownDifferent",
    "NonGoodsCode",
    "Picture",
    "Style",
    "Substitute",
    "System",
    "fold_code",
]
