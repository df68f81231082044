"""The codes that are remembered as no goods."""

from django.core.paginator import Page, Paginator
from django.db.models import Q

from stores.catalog.models import NonGoodsCode, System

SHOWN_MAX = 50


def no_goods_codes(words: str, number: int) -> Page[NonGoodsCode]:
    """A page of them by code, those whose code or meaning has the words; beyond the last page the last."""
    codes = NonGoodsCode.objects.order_by("folded", "source")
    if words:
        codes = codes.filter(Q(folded__icontains=words) | Q(meaning__icontains=words))
    return Paginator(codes, SHOWN_MAX).get_page(number)


def source_in_words(code: NonGoodsCode) -> str:
    """Whose word it is; empty when it goes for everybody."""
    return str(System(code.source).label) if code.source in System.values else code.source
