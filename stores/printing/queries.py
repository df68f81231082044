"""What the label pages show."""

from django.db.models import Q, QuerySet

from stores.jobs import Job
from stores.models import Store
from stores.printing.models import PrintJob
from stores.printing.refusals import NoSuchLabel

LATEST_MAX = 30
ASKING_MAX = 20


def asking_labels(store: Store) -> QuerySet[PrintJob]:
    """Labels of which a person must say whether they printed, the oldest first."""
    asking = PrintJob.objects.filter(store=store, state=Job.State.UNKNOWN)
    return asking.select_related("printer").order_by("pk")[:ASKING_MAX]


def latest_labels(store: Store) -> QuerySet[PrintJob]:
    """The newest first, without those that ask."""
    latest = PrintJob.objects.filter(store=store).exclude(state=Job.State.UNKNOWN)
    return latest.select_related("printer").order_by("-created_at", "-pk")[:LATEST_MAX]


def labels_in_trouble(store: Store) -> list[PrintJob]:
    """Labels that ask, and those that wait for a printer which does not answer; the oldest first, in one query."""
    asks = Q(state=Job.State.UNKNOWN)
    waits = Q(state=Job.State.QUEUED) & ~Q(last_error="")
    troubled = PrintJob.objects.filter(asks | waits, store=store)
    return list(troubled.select_related("printer").order_by("pk")[:ASKING_MAX])


def label_of(*, store: Store, pk: int) -> PrintJob:
    """One label for reading, with what it is a copy of and who asked. Raises NoSuchLabel."""
    jobs = PrintJob.objects.select_related("printer", "associate", "reprint_of").prefetch_related("reprints")
    job = jobs.filter(store=store, pk=pk).first()
    if job is None:
        raise NoSuchLabel
    return job
