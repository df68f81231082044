"""The label pages, as a browser gets them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from stores.models import Store
from stores.printing.actions.send_job import send_job
from stores.printing.demo.printer import store as put_into_tray
from stores.printing.models import PrintJob
from tests.factories import make_associate, make_store
from tests.printing.conftest import RunningPrinter, add_printer, ask_for_label, state_of
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

LIST = "/print-jobs/"


@pytest.fixture(autouse=True)
def tray(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.SECURE_SSL_REDIRECT = False
    settings.STATE_DIR = tmp_path
    (tmp_path / "printed").mkdir()
    return tmp_path / "printed"


@pytest.fixture
def client(store: Store) -> Client:
    return signed_in_client(make_associate(store), store)


@pytest.fixture
def printer(store: Store, run_printer: Callable[..., RunningPrinter]) -> RunningPrinter:
    running = run_printer()
    add_printer(store, running.port)
    return running


def uncertain(store: Store, number: int = 1) -> PrintJob:
    job = ask_for_label(store, number)
    past = Now() - timedelta(seconds=1)
    PrintJob.objects.filter(pk=job.pk).update(state="working", sending_at=Now(), lease_until=past)
    send_job(pk=job.pk)
    return job


def post(client: Client, name: str, job: PrintJob, **fields: str) -> Any:
    return client.post(reverse(f"printing:{name}", args=[job.pk]), {"key": str(uuid.uuid4()), **fields})


def test_the_list_shows_what_asks_first_then_the_newest(store: Store, printer: RunningPrinter, client: Client) -> None:
    asking, waiting = uncertain(store, 1), ask_for_label(store, 2)
    page = client.get(LIST).content.decode()
    assert page.index("Did they print?") < page.index("Label 1") < page.index("Latest") < page.index("Label 2")
    assert page.count(f'id="label-{asking.pk}"') == page.count(f'id="label-{waiting.pk}"') == 1


def test_an_empty_list_says_so(client: Client) -> None:
    assert "No labels yet" in client.get(LIST).content.decode()


def test_the_live_board_gets_only_its_own_part(store: Store, printer: RunningPrinter, client: Client) -> None:
    ask_for_label(store)
    answer = client.get(LIST, headers={"HX-Request": "true"})
    assert "Label 1" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_the_list_costs_the_same_whatever_its_length(
    store: Store, printer: RunningPrinter, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 4):
        uncertain(store, number)
        ask_for_label(store, 10 + number)
    with django_assert_num_queries(3):  # Session, labels that ask, latest labels.
        client.get(LIST)


def test_a_label_shows_its_words_and_its_trouble(store: Store, printer: RunningPrinter, client: Client) -> None:
    job = uncertain(store)
    page = client.get(f"{LIST}{job.pk}/").content.decode()
    for words in ("Label 1", "Test label", "Did it print?", "The sender stopped", "No, print again", "Yes, it printed"):
        assert words in page


@pytest.mark.parametrize(("printed", "state", "rows"), [("yes", "done", 1), ("no", "failed", 2)])
def test_somebody_answers(
    store: Store, printer: RunningPrinter, client: Client, printed: str, state: str, rows: int
) -> None:
    job = uncertain(store)
    answer = post(client, "answer", job, printed=printed)
    assert (answer.status_code, state_of(job)[0], PrintJob.objects.count()) == (200, state, rows)


def test_one_tap_one_reprint(store: Store, printer: RunningPrinter, client: Client) -> None:
    job = ask_for_label(store)
    send_job(pk=job.pk)
    body = {"key": str(uuid.uuid4()), "reason": "damaged"}
    for _tap in range(3):
        answer = client.post(f"{LIST}{job.pk}/reprint/", body)
        assert answer.status_code == 200
        assert "Printing it again" in answer.content.decode()
    copy = PrintJob.objects.get(reprint_of=job)
    assert copy.reprint_reason == "damaged"


def test_a_refusal_is_a_band_with_409(store: Store, printer: RunningPrinter, client: Client) -> None:
    job = ask_for_label(store)
    answer = post(client, "reprint", job, reason="lost")
    assert (answer.status_code, PrintJob.objects.count()) == (409, 1)
    assert "This label still waits" in answer.content.decode()


def test_try_now_is_offered_while_the_printer_is_off(store: Store, client: Client) -> None:
    add_printer(store)
    job = ask_for_label(store)
    send_job(pk=job.pk)
    page = client.get(f"{LIST}{job.pk}/").content.decode()
    assert "Printer off" in page
    assert "Try now" in page
    assert post(client, "try", job).status_code == 200
    assert PrintJob.queue.due().filter(pk=job.pk).exists()


@pytest.mark.parametrize("name", ["answer", "reprint", "try"])
def test_another_stores_label_is_404_and_stays_as_it_is(printer: RunningPrinter, client: Client, name: str) -> None:
    other = make_store()
    add_printer(other)
    job = uncertain(other)
    assert client.get(f"{LIST}{job.pk}/").status_code == 404
    assert post(client, name, job, printed="yes", reason="lost").status_code == 404
    assert (state_of(job)[0], PrintJob.objects.count()) == ("unknown", 1)
    assert "Label 1" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_test_label_can_be_asked_for(
    store: Store, printer: RunningPrinter, client: Client, headers: dict[str, str]
) -> None:
    answer = client.post(f"{LIST}test/", {"key": "k"}, headers=headers)
    assert answer.status_code == 200
    assert "Test label asked for" in answer.content.decode()
    assert PrintJob.objects.get().title == "Counter: test"


def test_a_store_without_printer_is_told_so(client: Client) -> None:
    answer = client.post(f"{LIST}test/", {"key": "k"})
    assert answer.status_code == 409
    assert "No printer in this store" in answer.content.decode()


def test_home_shows_labels_that_wait_for_a_person(
    store: Store, client: Client, run_printer: Callable[..., RunningPrinter]
) -> None:
    add_printer(store)
    asking = uncertain(store, 1)
    off, _behind_it = ask_for_label(store, 2), ask_for_label(store, 3)
    PrintJob.objects.filter(pk=off.pk).update(last_error="off")
    page = client.get("/").content.decode()
    assert f'href="{LIST}{asking.pk}/"' in page
    assert f'href="{LIST}{off.pk}/"' in page
    assert "2 labels wait." in page


def test_the_tray_shows_pictures_newest_first(store: Store, client: Client, tray: Path) -> None:
    add_printer(store)
    labels = [ask_for_label(store, number).content for number in (1, 2)]
    names = [put_into_tray(tray, label.encode()).stem for label in labels]
    page = client.get("/printed/").content.decode()
    assert page.index(names[1]) < page.index(names[0])
    assert 'alt="Test label, Camden, Label 2, , TEST-12345678"' in page
    picture = client.get(f"/printed/{names[0]}.png")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["nothing", "..", "20261122T061700000000-" + "0" * 32])
def test_there_is_no_picture_of_anything_else(client: Client, name: str) -> None:
    assert client.get(f"/printed/{name}.png").status_code == 404


def test_junk_in_the_tray_is_no_picture(client: Client, tray: Path) -> None:
    junk = put_into_tray(tray, b"\xff\xfe hello").stem
    assert client.get("/printed/").status_code == 200
    assert client.get(f"/printed/{junk}.png").status_code == 404


def test_outside_the_demo_there_is_no_tray(client: Client, tray: Path, settings: Settings) -> None:
    settings.DEMO = False
    name = put_into_tray(tray, b"^XA^XZ").stem
    assert client.get("/printed/").status_code == 404
    assert client.get(f"/printed/{name}.png").status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/", "/printed/", "/printed/x.png"])
def test_nobody_gets_in_without_signing_in(path: str) -> None:
    assert Client().get(path).status_code == 302
