"""What the label pages show."""

from django.db.models import QuerySet

from stores.jobs import Job
from stores.models import Store
from stores.printing.models import PrintJob
from stores.printing.refusals import NoSuchLabel

LATEST_MAX = 30
ASKING_MAX = 20
TROUBLED_MAX = 100


def asking_labels(store: Store) -> QuerySet[PrintJob]:
    """Labels of which a person must say whether they printed, the oldest first."""
    asking = PrintJob.objects.filter(store=store, state=Job.State.UNKNOWN)
    return asking.select_related("printer").order_by("pk")[:ASKING_MAX]


def latest_labels(store: Store) -> QuerySet[PrintJob]:
    """The newest first, without those that ask."""
    latest = PrintJob.objects.filter(store=store).exclude(state=Job.State.UNKNOWN)
    return latest.select_related("printer").order_by("-created_at", "-pk")[:LATEST_MAX]


def labels_in_trouble(store: Store) -> tuple[list[PrintJob], list[list[PrintJob]]]:
    """Labels that ask; and, for each printer that does not answer, the labels that wait for it. One query."""
    open_labels = PrintJob.objects.filter(store=store, state__in=[Job.State.UNKNOWN, Job.State.QUEUED])
    labels = list(open_labels.select_related("printer").order_by("pk")[:TROUBLED_MAX])
    queues: dict[int, list[PrintJob]] = {}
    for label in labels:
        if label.state == Job.State.QUEUED:
            queues.setdefault(label.printer_id, []).append(label)
    silent = [queue for queue in queues.values() if any(label.last_error for label in queue)]
    return [label for label in labels if label.state == Job.State.UNKNOWN], silent


def label_of(*, store: Store, pk: int) -> PrintJob:
    """One label for reading, with what it is a copy of and who asked. Raises NoSuchLabel."""
    jobs = PrintJob.objects.select_related("printer", "associate", "reprint_of").prefetch_related("reprints")
    job = jobs.filter(store=store, pk=pk).first()
    if job is None:
        raise NoSuchLabel
    return job
