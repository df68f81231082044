"""What the demo knows of an item beyond its published name and price: read from its words, or made up by rule."""

import re
from dataclasses import dataclass

from config.demo_chain.chance import falls

# The first category one of whose words begins a word of the name. Christmas goes first: a Christmas bauble is no toy.
CATEGORIES: dict[str, tuple[str, str]] = {
    "CHRISTMAS": (
        "Christmas",
        "christmas|advent|santa|reindeer|snow|xmas|bauble|stocking|nativity|angel|noel|garland|wicker star",
    ),
    "LIGHTS": ("Lights and candles", r"light|candle|lantern|lamp|burner|chandelier|incense|t-light|torch|matches"),
    "BATH": ("Bath and wellbeing", "sponge|flannel|bath|hand warmer|hot water|soap|shower|dressing table"),
    "BAGS": (
        "Bags and purses",
        "bag|shopper|purse|wallet|suitcase|holdall|mini cases|umbrella|parasol|rain hat|key fob",
    ),
    "GARDEN": ("Garden", "garden|plant|flower pot|bird|watering|seed|herb marker|bucket|outdoor|dovecote"),
    "KITCHEN": (
        "Kitchen and table",
        "mug|cup|plate|bowl|tea|cake|lunch|bottle|kitchen|baking|jam|spoon|cutlery|tray|jug|egg|apron|oven|coaster"
        "|napkin|recipe|tin|jar|dish|glass|saucer|washing up|scale|pantry|cookie|food|sugar|milk|bread|biscuit|cocktail"
        "|lolly|drink|coffee|cutter|chopstick|frying pan|cooking|popcorn|snack|party",
    ),
    "PAPER": (
        "Paper and gifts",
        "card|wrap|paper|pen|notebook|book|sketch|sticker|eraser|chalk|ribbon|tape|tag|calendar|doil|passport|gift"
        "|tissue|postcard|ruler|pencil|writing|stationery|memo|crayon|paint",
    ),
    "TOYS": (
        "Toys and games",
        "toy|game|puzzle|doll|skittle|playhouse|block|animal|soldier|child|kid|baby|teddy|dinosaur|spaceboy|circus"
        "|globe|whistle|domino|chess|farm|naughts|piggy|money|slinky|play|bingo|skipping|snakes|ludo|glider|helicopter"
        "|spinning|modelling|crawl|calculator|tattoo|drawing|heads and tails|feltcraft|sewing",
    ),
    "HOME": ("Home and decoration", ""),
}

FRAGILE = re.compile(r"\b(glass|ceramic|porcelain|mirror|bauble|enamel|mug|teacup|jar|swirlglass)", re.IGNORECASE)
HAZARDOUS = re.compile(r"\b(matches|burner|incense)", re.IGNORECASE)
AGE_RESTRICTED = re.compile(r"\b(matches|cutlery|knife)", re.IGNORECASE)

_PACK = re.compile(
    r"\b(?:(?:set|pack|box|bag) of ?|set/|set |pack |s/)(\d{1,3})\b|^(\d{1,2}) (?=pencil|traditional|stripey)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Variant:
    style: str
    size: str = ""
    color: str = ""


@dataclass(frozen=True)
class Measures:
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    weight_g: int | None = None


STYLES = {
    "PARASOL": "Edwardian Parasol",
    "BAKELIKE": "Alarm Clock Bakelike",
    "BABUSHKA": "Babushka Notebook",
    "SEWING-BOX": "Victorian Sewing Box",
    "WICKER-HEART": "Heart of Wicker",
    "LUNCH-BAG": "Lunch Bag",
}
VARIANTS = {
    "15056BL": Variant("PARASOL", color="Black"),
    "15056N": Variant("PARASOL", color="Natural"),
    "20679": Variant("PARASOL", color="Red"),
    "22725": Variant("BAKELIKE", color="Chocolate"),
    "22726": Variant("BAKELIKE", color="Green"),
    "22727": Variant("BAKELIKE", color="Red"),
    "22728": Variant("BAKELIKE", color="Pink"),
    "22729": Variant("BAKELIKE", color="Orange"),
    "22730": Variant("BAKELIKE", color="Ivory"),
    "22753": Variant("BABUSHKA", size="S", color="Yellow"),
    "22754": Variant("BABUSHKA", size="S", color="Red"),
    "22755": Variant("BABUSHKA", size="S", color="Purple"),
    "22757": Variant("BABUSHKA", size="L", color="Red"),
    "22758": Variant("BABUSHKA", size="L", color="Purple"),
    "21259": Variant("SEWING-BOX", size="S"),
    "21257": Variant("SEWING-BOX", size="M"),
    "21258": Variant("SEWING-BOX", size="L"),
    "22469": Variant("WICKER-HEART", size="S"),
    "22470": Variant("WICKER-HEART", size="L"),
    "20725": Variant("LUNCH-BAG", color="Red Retrospot"),
    "20726": Variant("LUNCH-BAG", color="Woodland"),
    "20727": Variant("LUNCH-BAG", color="Black Skull"),
    "20728": Variant("LUNCH-BAG", color="Cars Blue"),
    "22382": Variant("LUNCH-BAG", color="Spaceboy"),
    "22383": Variant("LUNCH-BAG", color="Suki"),
    "22384": Variant("LUNCH-BAG", color="Pink Polkadot"),
    "22662": Variant("LUNCH-BAG", color="Dolly Girl"),
}


def category_of(name: str) -> str:
    """The code of the category that the words of the name speak of."""
    for code, (_label, words) in CATEGORIES.items():
        if words and re.search(rf"\b(?:{words})", name, re.IGNORECASE):
            return code
    return "HOME"


def pack_count_of(name: str) -> int:
    """12 for "Pack of 12 Skull Tissues", 20 for "Set/20 …", 1 where the name names no count."""
    found = _PACK.search(name)
    return int(found[1] or found[2]) if found else 1


def abc_class_of(rank: int, total: int) -> str:
    """The best fifth is A, the next three tenths B, the rest C."""
    share = rank / total
    return "A" if share < 0.2 else "B" if share < 0.5 else "C"


def measures_of(sku: str, category: str) -> Measures:
    """Made up for two items in three: nobody has measured the rest."""
    if falls(3, "measured", sku) == 0:
        return Measures()
    side = {"BAGS": 320, "PAPER": 180, "TOYS": 150, "LIGHTS": 110}.get(category, 140)
    length = side + 10 * falls(12, "length", sku)
    return Measures(
        length_mm=length,
        width_mm=length * (5 + falls(4, "width", sku)) // 10,
        height_mm=20 + 10 * falls(14, "height", sku),
        weight_g=40 + 15 * falls(40, "weight", sku),
    )
