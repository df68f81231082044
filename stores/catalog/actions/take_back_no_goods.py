"""A code that was said to be no goods is one like others again."""

from stores.catalog.errors import NotRemembered
from stores.catalog.models import NonGoodsCode
from stores.journal.actions.record import record, subject_of
from stores.journal.models import Event
from stores.staff.models import Associate

KIND = "catalog.no_goods_taken_back"


def take_back_no_goods(*, pk: int, associate: Associate) -> NonGoodsCode:
    """What comes of the code from now on is judged anew.

    Raises NotRemembered when somebody was faster, and DoesNotExist when there never was such a code.
    """
    code = NonGoodsCode.objects.select_for_update().filter(pk=pk).first()
    if code is None:
        if Event.objects.filter(subject=subject_of(NonGoodsCode(pk=pk)), kind=KIND).exists():
            raise NotRemembered
        raise NonGoodsCode.DoesNotExist
    record(
        kind=KIND,
        subject=code,
        actor=associate,
        data={"source": code.source, "code": code.folded, "meaning": code.meaning},
    )
    code.delete()
    return code
