"""What a person decides about a label."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from stores.journal.models import Event
from stores.models import Store
from stores.printing.access import access_print_job
from stores.printing.actions.reprint import answer_unknown, reprint, try_now
from stores.printing.actions.send_job import send_job
from stores.printing.models import Printer, PrintJob
from stores.printing.refusals import AnswerFirst, NoPrinter, NoSuchLabel, NotAsked, NotEnded, NothingToTry
from stores.refusals import Refusal
from stores.staff.models import Associate
from tests.factories import make_associate, make_store
from tests.printing.conftest import RunningPrinter, add_printer, ask_for_label, state_of

pytestmark = pytest.mark.django_db

Reason = PrintJob.Reason
Decision = Callable[[PrintJob, Associate], object]


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store)


@pytest.fixture
def printer(store: Store, run_printer: Callable[..., RunningPrinter]) -> RunningPrinter:
    running = run_printer()
    add_printer(store, running.port)
    return running


def printed(store: Store) -> PrintJob:
    job = ask_for_label(store)
    send_job(pk=job.pk)
    job.refresh_from_db()
    return job


def uncertain(store: Store) -> PrintJob:
    """The worker was killed while it was sending."""
    job = ask_for_label(store)
    PrintJob.objects.update(state="working", sending_at=Now(), lease_until=Now() - timedelta(seconds=1))
    send_job(pk=job.pk)
    job.refresh_from_db()
    return job


def test_a_reprint_is_a_new_row_with_the_same_content_and_a_reason(
    store: Store, printer: RunningPrinter, rosa: Associate
) -> None:
    job = printed(store)
    copy = reprint(key="k1", job=job, reason=Reason.DAMAGED, associate=rosa)
    assert (copy.content, copy.reprint_of, copy.reason, copy.associate) == (job.content, job, "Damaged", rosa)
    send_job(pk=copy.pk)
    assert printer.labels == [job.content, job.content]
    assert state_of(job)[0] == "done"
    event = Event.objects.get(kind="printing.reprinted")
    assert (event.subject, event.actor) == (f"printjob:{copy.pk}", rosa)
    assert event.data == {"label_of": "fulfillment:1", "of": job.pk, "reason": "damaged"}


def test_a_reprint_takes_the_printer_that_is_in_use_now(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    job = printed(store)
    Printer.objects.update(is_active=False)
    add_printer(store, name="New")
    assert reprint(key="k1", job=job, reason=Reason.LOST, associate=rosa).printer.name == "New"


def test_yes_it_printed(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    job = uncertain(store)
    assert answer_unknown(key="k1", job=job, printed=True, associate=rosa) is None
    assert state_of(job) == ("done", "")
    assert printer.labels == []
    assert Event.objects.filter(kind="printing.confirmed", actor=rosa).count() == 1


def test_no_it_did_not(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    job = uncertain(store)
    copy = answer_unknown(key="k1", job=job, printed=False, associate=rosa)
    assert copy is not None
    assert (copy.reprint_of, copy.reprint_reason) == (job, "did_not_print")
    assert state_of(job) == ("failed", "did_not_print")
    send_job(pk=copy.pk)
    assert printer.labels == [job.content]
    kinds = list(Event.objects.filter(subject=f"printjob:{job.pk}").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["printing.queued", "printing.unknown", "printing.denied"]


def test_try_now_wakes_the_whole_queue_of_the_printer(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    first, second = ask_for_label(store, 1), ask_for_label(store, 2)
    PrintJob.objects.update(next_try_at="2100-01-01T00:00Z", last_error="off")
    second.refresh_from_db()
    try_now(key="k1", job=second, associate=rosa)
    assert send_job(pk=second.pk) == second.pk
    send_job(pk=second.pk)
    assert printer.labels == [first.content, second.content]


def test_a_label_that_was_given_up_gets_another_round(store: Store, rosa: Associate) -> None:
    add_printer(store)
    job = ask_for_label(store)
    PrintJob.objects.update(attempts=9999)
    send_job(pk=job.pk)
    assert state_of(job) == ("failed", "off")
    try_now(key="k1", job=job, associate=rosa)
    send_job(pk=job.pk)
    assert state_of(job) == ("queued", "off")


def refuse_reprint(job: PrintJob, rosa: Associate) -> object:
    return reprint(key="k1", job=job, reason=Reason.LOST, associate=rosa)


def refuse_answer(job: PrintJob, rosa: Associate) -> object:
    return answer_unknown(key="k1", job=job, printed=False, associate=rosa)


def refuse_try(job: PrintJob, rosa: Associate) -> None:
    try_now(key="k1", job=job, associate=rosa)


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize(
    ("make", "decide", "refusal"),
    [
        (ask_for_label, refuse_reprint, NotEnded),
        (uncertain, refuse_reprint, AnswerFirst),
        (ask_for_label, refuse_answer, NotAsked),
        (printed, refuse_answer, NotAsked),
        (printed, refuse_try, NothingToTry),
        (uncertain, refuse_try, NothingToTry),
    ],
)
def test_refusals_change_nothing(
    store: Store, rosa: Associate, make: Callable[[Store], PrintJob], decide: Decision, refusal: type[Refusal]
) -> None:
    job = make(store)
    before, events = state_of(job), Event.objects.count()
    with pytest.raises(refusal):
        decide(job, rosa)
    assert (state_of(job), Event.objects.count(), PrintJob.objects.count()) == (before, events, 1)


def test_the_question_is_answered_once(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    job = uncertain(store)
    answer_unknown(key="k1", job=job, printed=False, associate=rosa)
    with pytest.raises(NotAsked):
        answer_unknown(key="k2", job=job, printed=False, associate=rosa)
    assert PrintJob.objects.count() == 2


def test_without_a_printer_there_is_no_reprint(store: Store, printer: RunningPrinter, rosa: Associate) -> None:
    job = printed(store)
    Printer.objects.update(is_active=False)
    with pytest.raises(NoPrinter):
        reprint(key="k1", job=job, reason=Reason.LOST, associate=rosa)


def test_another_stores_label_is_not_there(store: Store, printer: RunningPrinter) -> None:
    job = printed(store)
    with pytest.raises(NoSuchLabel):
        access_print_job(store=make_store(), pk=job.pk)
