"""The papers behind tasks of stock in hand."""

from collections.abc import Collection

from stores.models import Store
from stores.stock.documents import Document
from stores.stock.models import StockTask


def task_papers(store: Store, pks: Collection[int]) -> dict[int, Document]:
    """What the task was done by, such as the number of a delivery note; nothing for a task without papers."""
    found = StockTask.objects.filter(pk__in=pks, store=store).exclude(reference="").values_list("pk", "reference")
    return {pk: Document(reference) for pk, reference in found}
