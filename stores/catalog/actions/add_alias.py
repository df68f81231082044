"""What another system calls an item."""

from django.db import IntegrityError, transaction
from django.db.models import Model

from stores.catalog.errors import AliasMalformed, AliasTaken
from stores.catalog.models import Alias, Item, fold_code
from stores.journal.actions.record import record

LENGTH_MAX = 100


def add_alias(*, source: str, code: str, item: Item, associate: Model | None = None) -> Alias:
    """From now on `code`, in any case and spacing, in a message of `source` means the item.

    Raises AliasMalformed, and AliasTaken when the source's code already means something, be it the same item.
    """
    folded = fold_code(code)
    fits = all(0 < len(text) <= LENGTH_MAX for text in (source, code, folded))
    if not fits or not (source + code).isprintable():
        raise AliasMalformed
    alias = Alias(source=source, code=code, folded=folded, item=item)
    try:
        with transaction.atomic():
            alias.save(force_insert=True)
    except IntegrityError as error:
        taken = Alias.objects.filter(source=source, folded=folded).select_related("item").first()
        if taken is None:
            raise
        raise AliasTaken(source=source, code=code, item=taken.item.name) from error
    record(kind="catalog.alias_added", subject=alias, actor=associate, item=item, data={"source": source, "code": code})
    return alias
