"""The store's labels: which wait, which printed, and which somebody must look after."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import screen_response
from stores.printing.access import access_print_job
from stores.printing.actions.queue_label import queue_test_labels
from stores.printing.actions.reprint import answer_unknown, reprint, try_now
from stores.printing.labels import words
from stores.printing.models import PrintJob
from stores.printing.queries import asking_labels, label_of, latest_labels
from stores.printing.refusals import NoSuchLabel
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.staff.pages import message_page

LIST = "printing/jobs.html"
LABEL = "printing/job.html"


@require_GET
@role_required(Role.ASSOCIATE)
def show_list(request: StoreRequest) -> HttpResponse:
    """The page; for htmx, which asks again whenever the live stream says so, only the board in it."""
    response = render(request, f"{LIST}#board" if request.htmx else LIST, _board(request))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@role_required(Role.ASSOCIATE)
def print_test(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        jobs = queue_test_labels(key=f"test:{request.POST['key']}", store=request.store, associate=request.user)
        return Band("yes", _("Test label asked for"), ", ".join(job.printer.name for job in jobs))

    answer = answer_form(request, act=act)
    template = "printing/board_swap.html" if request.htmx else LIST
    response = render(request, template, {**_board(request), "band": answer.band}, status=answer.status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _label(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def answer(request: StoreRequest, pk: int) -> HttpResponse:
    """Did it print?"""
    printed = request.POST.get("printed") == "yes"

    def act(job: PrintJob, key: str) -> Band:
        answer_unknown(key=key, job=job, printed=printed, associate=request.user)
        if printed:
            return Band("yes", _("Noted: it printed"))
        return Band("yes", _("Printing it again"))

    return _decide(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def print_again(request: StoreRequest, pk: int) -> HttpResponse:
    given = request.POST.get("reason", "")
    reason = PrintJob.Reason(given) if given in PrintJob.Reason else PrintJob.Reason.DID_NOT_PRINT

    def act(job: PrintJob, key: str) -> Band:
        copy = reprint(key=key, job=job, reason=reason, associate=request.user)
        return Band("yes", _("Printing it again"), copy.reason)

    return _decide(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def try_again(request: StoreRequest, pk: int) -> HttpResponse:
    def act(job: PrintJob, key: str) -> Band:
        try_now(key=key, job=job, associate=request.user)
        return Band("yes", _("Trying the printer now"), job.printer.name)

    return _decide(request, pk, act)


def _decide(request: StoreRequest, pk: int, act: Callable[[PrintJob, str], Band]) -> HttpResponse:
    def act_on_it() -> Band:
        return act(access_print_job(store=request.store, pk=pk), request.POST["key"])

    answered = answer_form(request, act=act_on_it)
    return _label(request, pk, answered.band, answered.status)


def _label(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    try:
        job = label_of(store=request.store, pk=pk)
    except NoSuchLabel as refusal:
        return message_page(request, status=refusal.status, title=refusal.headline, detail=refusal.detail)
    context = {"job": job, "copies": job.reprints.all(), "words": words(job.content), "reasons": _reasons(job)}
    return screen_response(request, template=LABEL, context=context, band=band, status=status)


def _reasons(job: PrintJob) -> list[tuple[str, str]]:
    """Why the label may be needed again; one that never went out needs no asking."""
    if job.state != PrintJob.State.DONE:
        return []
    return [(reason.value, str(reason.label)) for reason in PrintJob.Reason if reason != PrintJob.Reason.DID_NOT_PRINT]


def _board(request: StoreRequest) -> dict[str, Any]:
    return {"asking": asking_labels(request.store), "latest": latest_labels(request.store)}
