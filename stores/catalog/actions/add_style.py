"""A style, and its variants: the same goods in several sizes and colors."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.add_item import add_item
from stores.catalog.errors import GroupMalformed, GroupTaken
from stores.catalog.models import Category, Item, Style, fold_code
from stores.journal.actions.record import record

CODE_LENGTH_MAX = 40
NAME_LENGTH_MAX = 120
VARIANTS_MAX = 60


def add_style(*, code: str, name: str, associate: Model | None = None) -> Style:
    """Adds a style without variants. Raises GroupMalformed and GroupTaken."""
    folded, words = fold_code(code), " ".join(name.split())
    if not 0 < len(folded) <= CODE_LENGTH_MAX or not folded.isprintable():
        raise GroupMalformed(problem=_("Its code has from 1 to {most} signs.").format(most=CODE_LENGTH_MAX))
    if not 0 < len(words) <= NAME_LENGTH_MAX or not words.isprintable():
        raise GroupMalformed(problem=_("Its name has from 1 to {most} signs.").format(most=NAME_LENGTH_MAX))
    try:
        with transaction.atomic():
            style = Style.objects.create(code=folded, name=words)
    except IntegrityError as error:
        taken = Style.objects.filter(code=folded).first()
        if taken is None:
            raise
        raise GroupTaken(taken=folded, name=taken.name) from error
    record(kind="catalog.style_added", subject=style, actor=associate, data={"code": folded})
    return style


def add_variants(
    *,
    style: Style,
    colors: Sequence[str],
    sizes: Sequence[str],
    price: Decimal,
    currency: str = "GBP",
    category: Category | None = None,
    pack_count: int = 1,
    associate: Model | None = None,
) -> list[Item]:
    """Adds a draft for every color in every size that the style does not have yet, in this pack; returns the new ones.

    No color, or no size, is one way to be. The SKU is made of the style's code, color and size. Raises GroupMalformed,
    and ItemMalformed and SkuTaken for a draft that cannot be; then none is added.
    """
    wanted = list(product(dict.fromkeys(colors) or [""], dict.fromkeys(sizes) or [""]))
    if len(wanted) > VARIANTS_MAX:
        raise GroupMalformed(problem=_("At most {most} variants at once.").format(most=VARIANTS_MAX))
    # One after the other: two people who add the same variants must not both find them missing.
    Style.objects.select_for_update().get(pk=style.pk)
    there = set(
        style.items.filter(pack_count=pack_count).exclude(state=Item.State.RETIRED).values_list("color", "size")
    )
    pack = f"x{pack_count}" if pack_count > 1 else ""
    return [
        add_item(
            sku="-".join(part.replace(" ", "") for part in (style.code, color, size, pack) if part),
            name=", ".join(part for part in (style.name, color, size) if part),
            price=price,
            currency=currency,
            category=category,
            style=style,
            color=color,
            size=size,
            pack_count=pack_count,
            associate=associate,
        )
        for color, size in wanted
        if (color, size) not in there
    ]
