"""A code that was said to be no goods is one like others again."""

from stores.catalog.errors import NotRemembered
from stores.catalog.models import NonGoodsCode
from stores.journal.actions.record import record
from stores.staff.models import Associate


def take_back_no_goods(*, pk: int, associate: Associate) -> NonGoodsCode:
    """What comes of the code from now on is judged anew. Raises NotRemembered when somebody was faster."""
    code = NonGoodsCode.objects.select_for_update().filter(pk=pk).first()
    if code is None:
        raise NotRemembered
    record(
        kind="catalog.no_goods_taken_back",
        subject=code,
        actor=associate,
        data={"source": code.source, "code": code.folded, "meaning": code.meaning},
    )
    code.delete()
    return code
