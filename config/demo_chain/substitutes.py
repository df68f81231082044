"""What the demo's leads have said may be given in an item's place."""

from stores.catalog.actions.set_substitutes import set_substitutes
from stores.catalog.models import Item, Substitute

# SKU: what stands in for it, the best first. Of the same price or a better thing; most hold one way only.
SUBSTITUTES = {
    # Alarm clocks, in the nearest color.
    "22726": ("22727", "22730"),
    "22727": ("22726", "22728"),
    "22728": ("22727",),
    # Hanging hearts.
    "85123A": ("21733",),
    "21733": ("85123A",),
    # A lantern in cream for the one in white.
    "71053": ("22784",),
    # Three tiers of cake.
    "22776": ("22423",),
    # Hand warmers.
    "22632": ("22633", "22866"),
    "22633": ("22632", "22866"),
    "22866": ("22865", "22867"),
    # Cutlery for children, and kitchen scales.
    "84997B": ("84997D", "84997C"),
    "22625": ("22624", "22627"),
    # The food hall.
    "FOOD-STILTON": ("FOOD-CHEDDAR",),
    "FOOD-FUDGE": ("FOOD-TRUFFLES",),
}


def name_substitutes(items: dict[str, Item]) -> None:
    """Names those of items that have none yet."""
    known = set(Substitute.objects.filter(item__sku__in=SUBSTITUTES).values_list("item__sku", flat=True))
    for sku, others in SUBSTITUTES.items():
        if sku not in known:
            set_substitutes(item=items[sku], substitutes=[items[one] for one in others], reason="Opening range")
