"""Reads of the item master. The common ones are importable from here."""

from stores.catalog.queries.find_item import AmbiguousCode, FoundItem, find_item
from stores.catalog.queries.items_by_codes import items_by_codes
from stores.catalog.queries.search_items import search_items

__all__ = ["AmbiguousCode", "FoundItem", "find_item", "items_by_codes", "search_items"]
