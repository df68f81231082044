"""The papers behind tasks of stock in hand, and the counts behind what they changed."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from stores.models import Store
from stores.stock.documents import Document
from stores.stock.models import CountRequest, StockTask


def task_papers(store: Store, pks: Collection[int]) -> dict[int, Document]:
    """What the task was done by, such as the number of a delivery note; nothing for a task without papers."""
    found = StockTask.objects.filter(pk__in=pks, store=store).exclude(reference="").values_list("pk", "reference")
    return {pk: Document(reference) for pk, reference in found}


def count_papers(store: Store, pks: Collection[int]) -> dict[int, Document]:
    """Which bin was, or is, to be counted, and what came of it."""
    found = CountRequest.objects.filter(pk__in=pks, store=store).select_related("bin", "answered_by")
    return {one.pk: _count_paper(one) for one in found}


def _count_paper(request: CountRequest) -> Document:
    label = _("Count of {bin}").format(bin=request.bin.code)
    address = reverse("stock:count", args=[request.pk])
    if request.state == CountRequest.State.OPEN:
        return Document(label, _("To be counted"), address)
    who = request.answered_by.name if request.answered_by else ""
    return Document(label, _("{who} counted {n}").format(who=who, n=request.counted), address)
