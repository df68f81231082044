"""A kind of goods."""

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.errors import GroupMalformed, GroupTaken
from stores.catalog.models import Category, fold_code
from stores.journal.actions.record import record

CODE_LENGTH_MAX = 40
NAME_LENGTH_MAX = 80


def add_category(*, name: str, code: str = "", associate: Model | None = None) -> Category:
    """Adds a category; without a code its name, in capitals, is its code. Raises GroupMalformed and GroupTaken."""
    words = " ".join(name.split())
    folded = fold_code(code or words[:CODE_LENGTH_MAX])
    if not 0 < len(words) <= NAME_LENGTH_MAX or not words.isprintable():
        raise GroupMalformed(problem=_("Its name has from 1 to {most} signs.").format(most=NAME_LENGTH_MAX))
    if not 0 < len(folded) <= CODE_LENGTH_MAX or not folded.isprintable():
        raise GroupMalformed(problem=_("Its code has from 1 to {most} signs.").format(most=CODE_LENGTH_MAX))
    try:
        with transaction.atomic():
            category = Category.objects.create(code=folded, name=words)
    except IntegrityError as error:
        taken = Category.objects.filter(code=folded).first()
        if taken is None:
            raise
        raise GroupTaken(taken=folded, name=taken.name) from error
    record(kind="catalog.category_added", subject=category, actor=associate, data={"code": folded})
    return category
