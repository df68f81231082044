"""One label, one printer: printed once, or tried again, or a person is asked."""

import socket
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now

from stores.journal.models import Event
from stores.models import Store
from stores.printing import wire
from stores.printing.actions import send_job as sending
from stores.printing.actions.send_job import send_job
from stores.printing.demo.printer import Mode
from stores.printing.models import Printer, PrintJob
from tests.printing.conftest import (
    HANG_SECONDS,
    RESET_ON_CLOSE,
    RunningPrinter,
    SocketPrinter,
    add_printer,
    ask_for_label,
    state_of,
)

pytestmark = pytest.mark.django_db

RunPrinter = Callable[..., RunningPrinter]
ServeSocket = Callable[[Callable[[socket.socket], None]], SocketPrinter]


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="printing.").order_by("pk").values_list("kind", flat=True))


def make_due() -> None:
    """Time passes until the next try."""
    PrintJob.objects.update(next_try_at=Now())


def run_out_of_lease(job: PrintJob) -> None:
    """The worker that held the row has been gone for a while."""
    PrintJob.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")


def test_a_label_is_printed_as_it_was_rendered(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    assert send_job(pk=job.pk) is None
    assert state_of(job) == ("done", "")
    assert printer.labels == [job.content]
    assert kinds() == ["printing.queued", "printing.printed"]
    event = Event.objects.get(kind="printing.printed")
    assert (event.subject, event.store_id) == (f"printjob:{job.pk}", store.pk)
    assert event.data == {"label_of": "fulfillment:1", "printer": "Counter", "trouble": ""}


def test_a_printed_label_is_never_sent_again(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    for _wake_up in range(3):
        send_job(pk=job.pk)
        make_due()
    assert len(printer.labels) == 1


def test_a_printer_that_is_off_gets_the_label_once_it_is_on(store: Store, run_printer: RunPrinter) -> None:
    off = run_printer(Mode.REFUSE)
    add_printer(store, off.port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("queued", "off")
    assert (job.attempts, job.sending_at) == (1, None)
    assert send_job(pk=job.pk) is None, "not before the next try is due"
    assert state_of(job) == ("queued", "off")
    off.stop()
    on = run_printer(port=off.port)
    make_due()
    send_job(pk=job.pk)
    assert state_of(job) == ("done", "")
    assert on.labels == [job.content]
    assert kinds() == ["printing.queued", "printing.printed"]


def test_after_a_day_of_tries_a_label_has_failed(store: Store, run_printer: RunPrinter) -> None:
    add_printer(store, run_printer(Mode.REFUSE).port)
    job = ask_for_label(store)
    PrintJob.objects.update(attempts=len(sending.RETRY_SECONDS))
    send_job(pk=job.pk)
    assert state_of(job) == ("failed", "off")
    assert kinds() == ["printing.queued", "printing.failed"]
    assert 23.5 < sum(sending.RETRY_SECONDS) / 3600 < 25


def test_a_connection_cut_in_the_middle_asks_a_person(store: Store, run_printer: RunPrinter) -> None:
    add_printer(store, run_printer(Mode.CUT).port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "cut")
    assert kinds() == ["printing.queued", "printing.unknown"]


@pytest.mark.usefixtures("impatient")
def test_a_printer_that_falls_silent_asks_a_person(store: Store, run_printer: RunPrinter) -> None:
    add_printer(store, run_printer(Mode.HANG).port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "silent")


@pytest.mark.parametrize("mode", [Mode.CUT, Mode.HANG])
@pytest.mark.usefixtures("impatient")
def test_what_may_have_printed_is_never_sent_again(store: Store, run_printer: RunPrinter, mode: Mode) -> None:
    broken = run_printer(mode)
    add_printer(store, broken.port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    broken.stop()
    mended = run_printer(port=broken.port)
    for _wake_up in range(3):
        make_due()
        send_job(pk=job.pk)
    assert state_of(job)[0] == "unknown"
    assert mended.labels == []


def test_a_busy_printer_that_hangs_up_at_once_is_tried_again(
    store: Store, serve_socket: ServeSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = serve_socket(lambda _connection: None)
    add_printer(store, printer.port)
    job = ask_for_label(store)
    real = wire._refuse_closed

    def look_once_it_hung_up(connection: socket.socket) -> None:
        assert printer.closed.wait(HANG_SECONDS)
        real(connection)

    monkeypatch.setattr(wire, "_refuse_closed", look_once_it_hung_up)
    send_job(pk=job.pk)
    assert state_of(job) == ("queued", "busy")
    assert (printer.connections, job.sending_at) == (1, None)


def test_a_reset_after_some_bytes_is_uncertain(store: Store, serve_socket: ServeSocket) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(50)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    add_printer(store, serve_socket(reset).port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "cut")


@pytest.mark.usefixtures("impatient")
def test_a_printer_that_stops_reading_a_long_label_is_uncertain(store: Store, run_printer: RunPrinter) -> None:
    printer = add_printer(store, run_printer(Mode.HANG).port)
    long = PrintJob.objects.create(
        key="long", store=store, printer=printer, title="Long", subject="x", content="^FX" + "x" * 20_000_000
    )
    send_job(pk=long.pk)
    assert state_of(long) == ("unknown", "cut")


def test_a_printer_that_talks_back_is_let_talk(store: Store, serve_socket: ServeSocket) -> None:
    received: list[bytes] = []

    def chatter(connection: socket.socket) -> None:
        while piece := connection.recv(100):
            received.append(piece)
            connection.sendall(b"\x02030,0,0\x03")

    add_printer(store, serve_socket(chatter).port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("done", "")
    assert b"".join(received).decode() == job.content


def test_however_long_a_printer_talks_it_has_its_seconds_and_no_more(
    store: Store, serve_socket: ServeSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chatter(connection: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection.sendall(b"\x02030,0,0\x03")

    # Each look at the clock finds it a second later.
    monkeypatch.setattr(wire, "time", SimpleNamespace(monotonic=count().__next__))
    monkeypatch.setattr(wire, "SEND_SECONDS", 5)
    add_printer(store, serve_socket(chatter).port)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "silent")


def test_a_worker_killed_before_the_first_byte_costs_nothing(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    assert PrintJob.queue.claim(job.pk)
    assert send_job(pk=job.pk) is None, "the lease still runs"
    assert printer.labels == []
    run_out_of_lease(job)
    send_job(pk=job.pk)
    assert state_of(job) == ("done", "")
    assert len(printer.labels) == 1


def test_a_worker_killed_while_sending_asks_a_person(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    assert PrintJob.queue.claim(job.pk)
    PrintJob.objects.update(sending_at=Now())
    run_out_of_lease(job)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "lost")
    assert printer.labels == []


def test_a_worker_that_wakes_up_too_late_sends_nothing(
    store: Store, run_printer: RunPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stalled between connecting and the first byte, and the sweeper has given the label to another worker."""
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    real = wire.send_bytes
    stalled: list[bool] = []

    def stall(content: bytes, *, host: str, port: int, before_first_byte: Callable[[], None]) -> None:
        if not stalled:
            stalled.append(True)
            run_out_of_lease(job)
            send_job(pk=job.pk)
        real(content, host=host, port=port, before_first_byte=before_first_byte)

    monkeypatch.setattr(sending, "send_bytes", stall)
    send_job(pk=job.pk)
    assert state_of(job) == ("done", "")
    assert len(printer.labels) == 1


def test_a_label_that_a_person_has_decided_about_is_left_as_decided(
    store: Store, run_printer: RunPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker stalled while sending: its late good news changes nothing any more."""
    add_printer(store, run_printer().port)
    job = ask_for_label(store)
    real = wire.send_bytes

    def stall(content: bytes, *, host: str, port: int, before_first_byte: Callable[[], None]) -> None:
        real(content, host=host, port=port, before_first_byte=before_first_byte)
        run_out_of_lease(job)
        monkeypatch.setattr(sending, "send_bytes", real)
        send_job(pk=job.pk)

    monkeypatch.setattr(sending, "send_bytes", stall)
    send_job(pk=job.pk)
    assert state_of(job) == ("unknown", "lost")


def test_labels_for_a_printer_out_of_use_fail_at_once(store: Store, run_printer: RunPrinter) -> None:
    printer = run_printer()
    add_printer(store, printer.port)
    job = ask_for_label(store)
    Printer.objects.update(is_active=False)
    send_job(pk=job.pk)
    assert state_of(job) == ("failed", "not_in_use")
    assert printer.labels == []
