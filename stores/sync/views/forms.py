"""What the exception queue's forms bring, within limits."""

from django.http import HttpRequest

from stores.catalog.barcodes import UnreadableCode, read_code
from stores.catalog.models import Item
from stores.catalog.queries import find_item
from stores.sync.refusals import NoSuchItem

TEXT_LENGTH_MAX = 200
CODE_LENGTH_MAX = 100


def posted_text(request: HttpRequest, name: str, *, at_most: int = TEXT_LENGTH_MAX) -> str:
    """One line, cleaned of what no screen shows (PostgreSQL cannot hold a NUL at all)."""
    text = request.POST.get(name, "")[:at_most]
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def posted_item(request: HttpRequest) -> Item:
    """The item chosen (`item_id`), or scanned or typed (`item`). Raises NoSuchItem and AmbiguousCode."""
    chosen, text = posted_text(request, "item_id"), posted_text(request, "item")
    if chosen.isascii() and chosen.isdigit():
        item = Item.objects.filter(pk=int(chosen), state=Item.State.ACTIVE).first()
    else:
        try:
            found = find_item(read_code(text))
        except UnreadableCode:
            found = None
        item = found.item if found else None
    if item is None:
        raise NoSuchItem(text=text)
    return item
