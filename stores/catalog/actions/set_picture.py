"""What an item looks like."""

from django.db.models import Model

from stores.catalog.models import Item, Picture
from stores.catalog.pictures import encode_picture
from stores.journal.actions.record import record


def set_picture(*, item: Item, upload: bytes, associate: Model | None = None) -> Picture:
    """Stores the picture in `upload` as the item's one picture. Raises PictureRefused."""
    # First, and before any row is locked: it takes longer than everything after it.
    encoded = encode_picture(upload)
    Item.objects.select_for_update().values("pk").get(pk=item.pk)
    picture, _is_new = Picture.objects.update_or_create(
        item=item,
        defaults={
            "content": encoded.content,
            "sha256": encoded.sha256,
            "width": encoded.width,
            "height": encoded.height,
        },
    )
    record(
        kind="catalog.picture_set",
        subject=item,
        actor=associate,
        item=item,
        data={"sha256": encoded.sha256, "bytes": len(encoded.content)},
    )
    return picture


def remove_picture(*, item: Item, associate: Model | None = None) -> bool:
    """Takes the item's picture away; tells whether there was one."""
    removed, _by_model = Picture.objects.filter(item=item).delete()
    if removed:
        record(kind="catalog.picture_removed", subject=item, actor=associate, item=item)
    return bool(removed)
