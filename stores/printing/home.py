"""Labels on the home screen: only those that wait for a person."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.handheld.hooks import HomeSection, WorkItem
from stores.printing.models import PrintJob
from stores.printing.queries import labels_in_trouble
from stores.staff.http import StoreRequest


def labels_to_look_after(request: StoreRequest) -> HomeSection:
    """Each label that may or may not have printed, and each printer that labels wait for in vain."""
    asking, silent = labels_in_trouble(request.store)
    items = [_question(job) for job in asking] + [_silent_printer(jobs) for jobs in silent]
    return HomeSection(title=gettext_lazy("Labels"), items=items, order=90)


def _question(job: PrintJob) -> WorkItem:
    return WorkItem(
        title=job.title,
        detail=_("Look into the tray of {printer}.").format(printer=job.printer.name),
        url=reverse("printing:job", args=[job.pk]),
        tone="look",
        label=_("Did it print?"),
    )


def _silent_printer(jobs: list[PrintJob]) -> WorkItem:
    return WorkItem(
        title=jobs[0].printer.name,
        detail=ngettext("{count} label waits.", "{count} labels wait.", len(jobs)).format(count=len(jobs)),
        url=reverse("printing:job", args=[jobs[0].pk]),
        tone="no",
        label=_("Printer off"),
    )
