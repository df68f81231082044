"""Which item somebody means who scans it, types its SKU, or chooses it from what was found for a word."""

from stores.catalog.barcodes import UnreadableCode, read_code
from stores.catalog.errors import NoSuchItem
from stores.catalog.models import Item
from stores.catalog.queries import AmbiguousCode, find_item, search_items
from stores.catalog.views.answering import posted_line
from stores.staff.http import StoreRequest

CANDIDATES_MAX = 8
NOT_RETIRED = (Item.State.DRAFT, Item.State.APPROVED, Item.State.ACTIVE)


def single_candidates(request: StoreRequest) -> list[Item]:
    """What single items could be meant by a `code` that is no item's: to choose from, nothing is done yet."""
    text = posted_line(request, "code")
    if not text or posted_line(request, "item_id", at_most=20):
        return []
    try:
        if _by_code(text):
            return []
    except AmbiguousCode:
        return []
    found = search_items(text, CANDIDATES_MAX, states=NOT_RETIRED)
    return [item for item in found if not item.is_bundle]


def posted_item(request: StoreRequest) -> Item:
    """By `item_id` where one was chosen, else by `code`. Raises NoSuchItem and AmbiguousCode."""
    if chosen := posted_line(request, "item_id", at_most=20):
        return chosen_item(chosen)
    text = posted_line(request, "code")
    item = _by_code(text)
    if item is None:
        raise NoSuchItem(text=text)
    return item


def chosen_item(pk: str) -> Item:
    """Raises NoSuchItem."""
    item = Item.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    if item is None:
        raise NoSuchItem(text=pk)
    return item


def _by_code(text: str) -> Item | None:
    """Raises AmbiguousCode."""
    try:
        found = find_item(read_code(text))
    except UnreadableCode:
        return None
    return found.item if found else None
