"""The one door to a store's labels."""

from stores.models import Store
from stores.printing.models import PrintJob
from stores.printing.refusals import NoSuchLabel


def access_print_job(*, store: Store, pk: int) -> PrintJob:
    """The store's own label, with its row locked until the transaction ends. Raises NoSuchLabel."""
    job = PrintJob.objects.select_for_update(of=("self",)).select_related("printer").filter(store=store, pk=pk).first()
    if job is None:
        raise NoSuchLabel
    return job
