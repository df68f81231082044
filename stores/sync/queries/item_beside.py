"""What a refused word about an item said, beside what the item master has."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from stores.catalog.fields import EDITABLE_FIELDS, text_of
from stores.sync.queries.item_exceptions import ItemLine, said_in_words


@dataclass(frozen=True)
class Beside:
    label: str
    theirs: str
    ours: str


def said_beside_ours(line: ItemLine) -> list[Beside]:
    """What the line said beside what the item master has now, one thing a row."""
    facts, item = line.message.facts, line.known.item if line.known else None
    code = Beside(_("Code"), line.code, item.sku if item else "")
    if facts.get("cells"):
        return [Beside(_("Line"), said_in_words(facts), "")]
    if field := facts.get("field"):
        now = text_of(item, field) if item and field in EDITABLE_FIELDS else facts.get("ours")
        return [code, Beside(str(facts.get("label", "")), str(facts.get("theirs") or ""), str(now or ""))]
    price = str(facts.get("price") or "")
    rows = [
        code,
        Beside(_("Name"), str(facts.get("name") or ""), item.name if item else line.ours),
        Beside(_("Price"), price, str(item.price) if item and item.price is not None else ""),
    ]
    if gtins := facts.get("gtins"):
        rows.append(Beside(_("Barcodes"), ", ".join(gtins), ""))
    return rows
