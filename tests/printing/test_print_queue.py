"""Many labels, many printers: in order, once each, and none waits for another printer."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.db.models.functions import Now

from stores.models import Store
from stores.printing import tasks
from stores.printing.actions import send_job as sending
from stores.printing.actions.send_job import send_job
from stores.printing.demo.printer import Mode
from stores.printing.models import PrintJob
from tests.factories import make_store
from tests.printing.conftest import (
    HANG_SECONDS,
    RESET_ON_CLOSE,
    RunningPrinter,
    SocketPrinter,
    add_printer,
    ask_for_label,
    state_of,
)

RunPrinter = Callable[..., RunningPrinter]
ServeSocket = Callable[[Callable[[socket.socket], None]], SocketPrinter]


def in_threads(work: Callable[[int], object], arguments: list[int]) -> None:
    def run(argument: int) -> None:
        try:
            work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        list(pool.map(run, arguments))


@pytest.mark.django_db
def test_any_wake_up_sends_the_oldest_label_and_names_the_next(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    first, second, third = (ask_for_label(store, number) for number in (1, 2, 3))
    assert send_job(pk=third.pk) == second.pk
    assert send_job(pk=third.pk) == third.pk
    assert send_job(pk=first.pk) is None
    assert printer.labels == [first.content, second.content, third.content]


@pytest.mark.django_db
def test_no_label_overtakes_one_that_waits_for_its_next_try(store: Store, run_printer: RunPrinter) -> None:
    off = run_printer(Mode.REFUSE)
    add_printer(store, off.port)
    first, second = ask_for_label(store, 1), ask_for_label(store, 2)
    send_job(pk=first.pk)
    off.stop()
    on = run_printer(port=off.port)
    send_job(pk=second.pk)
    assert (state_of(first), state_of(second)) == (("queued", "off"), ("queued", ""))
    PrintJob.objects.update(next_try_at=Now())
    assert send_job(pk=second.pk) == second.pk
    send_job(pk=second.pk)
    assert on.labels == [first.content, second.content]


@pytest.mark.django_db
@pytest.mark.usefixtures("impatient")
def test_a_silent_printer_is_left_alone_for_a_while(store: Store, run_printer: RunPrinter) -> None:
    add_printer(store, run_printer(Mode.HANG).port)
    first, second = ask_for_label(store, 1), ask_for_label(store, 2)
    assert send_job(pk=first.pk) is None
    assert send_job(pk=second.pk) is None
    assert (state_of(first)[0], state_of(second)[0]) == ("unknown", "queued")


class StuckPrinter:
    """Takes a label and says nothing until it is let go; then it breaks."""

    def __init__(self) -> None:
        self.let_go = Event()

    def __call__(self, connection: socket.socket) -> None:
        self.let_go.wait(HANG_SECONDS)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


@pytest.mark.django_db(transaction=True)
def test_a_silent_printer_holds_up_no_other(run_printer: RunPrinter, serve_socket: ServeSocket) -> None:
    silent, good = make_store(), make_store()
    stuck_printer, printer = StuckPrinter(), run_printer()
    add_printer(silent, serve_socket(stuck_printer).port)
    add_printer(good, printer.port)
    stuck, printed = ask_for_label(silent), ask_for_label(good)

    def work(pk: int) -> None:
        if pk == printed.pk:
            wait_until_sending()
        send_job(pk=pk)
        if pk == printed.pk:
            stuck_printer.let_go.set()

    in_threads(work, [stuck.pk, printed.pk])
    assert (state_of(stuck)[0], state_of(printed)[0]) == ("unknown", "done")
    assert printed.ended_at is not None
    assert stuck.ended_at is not None
    assert printed.ended_at < stuck.ended_at


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_label_does_not_wait_for_the_printer(serve_socket: ServeSocket) -> None:
    store, stuck_printer = make_store(), StuckPrinter()
    add_printer(store, serve_socket(stuck_printer).port)
    first = ask_for_label(store, 1)
    order: list[str] = []

    def work(number: int) -> None:
        if number == 0:
            send_job(pk=first.pk)
            order.append("sent")
        else:
            wait_until_sending()
            ask_for_label(store, 2)
            order.append("asked")
            stuck_printer.let_go.set()

    in_threads(work, [0, 1])
    assert order == ["asked", "sent"]


def wait_until_sending() -> None:
    while not PrintJob.objects.exclude(sending_at=None).exists():
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_print_each_label_once_and_in_order(run_printer: RunPrinter) -> None:
    store, printer = make_store(), run_printer()
    add_printer(store, printer.port)
    jobs = [ask_for_label(store, number) for number in range(1, 11)]

    def work(number: int) -> None:
        for job in jobs[number % 3 :]:
            following: int | None = job.pk
            while following is not None:
                following = send_job(pk=following)

    in_threads(work, list(range(8)))
    assert printer.labels == [job.content for job in jobs]
    assert set(PrintJob.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.breaks_the_record
@pytest.mark.django_db(transaction=True)
def test_twin_without_the_claim_prints_more_than_once(run_printer: RunPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    store, printer = make_store(), run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    monkeypatch.setattr(sending, "_claim", lambda _printer: PrintJob.objects.get(pk=job.pk))
    monkeypatch.setattr(sending, "_store_sending", lambda _job: None)
    in_threads(lambda _number: send_job(pk=job.pk), list(range(8)))
    assert len(printer.labels) > 1


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    pks: list[int] = []
    monkeypatch.setattr(tasks.print_label, "apply_async", lambda args, **_options: pks.append(args[0]))
    return pks


@pytest.mark.django_db
def test_each_label_gets_a_task_of_its_own(store: Store, run_printer: RunPrinter, woken: list[int]) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    first, second = ask_for_label(store, 1), ask_for_label(store, 2)
    tasks.print_label(first.pk)
    assert (len(printer.labels), woken) == (1, [second.pk])


@pytest.mark.django_db
def test_the_sweeper_wakes_each_printer_with_something_due_once(store: Store, woken: list[int]) -> None:
    other, resting = make_store(), make_store()
    for one in (store, other, resting):
        add_printer(one)
    first, _second, lost, waits = (
        ask_for_label(store, 1),
        ask_for_label(store, 2),
        ask_for_label(other, 3),
        ask_for_label(resting, 4),
    )
    PrintJob.objects.filter(pk=lost.pk).update(state="working", lease_until="2020-01-01T00:00Z")
    PrintJob.objects.filter(pk=waits.pk).update(next_try_at="2100-01-01T00:00Z")
    tasks.sweep()
    assert sorted(woken) == [first.pk, lost.pk]
