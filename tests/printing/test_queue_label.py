"""Asking for labels, and what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from stores.journal.models import Event
from stores.models import Store
from stores.printing.actions.queue_label import queue_label, queue_test_labels
from stores.printing.models import Printer, PrintJob
from stores.printing.refusals import NoPrinter
from stores.printing.templatetags.zpl import NotAHouseCode
from tests.factories import make_associate, make_store
from tests.printing.conftest import add_printer, ask_for_label

pytestmark = pytest.mark.django_db


def test_the_same_key_is_one_label(store: Store) -> None:
    add_printer(store)
    assert ask_for_label(store).pk == ask_for_label(store).pk
    event = Event.objects.get()
    assert (event.kind, event.store_id, event.key) == ("printing.queued", store.pk, f"label:{store.pk}:1")
    assert event.data == {"label_of": "fulfillment:1", "printer": "Counter"}


def test_a_label_goes_to_the_first_printer_in_use(store: Store) -> None:
    add_printer(store, name="A, broken")
    Printer.objects.update(is_active=False)
    add_printer(store, name="Counter")
    add_printer(store, name="Back room")
    add_printer(make_store(), name="A, of another store")
    assert ask_for_label(store).printer.name == "Back room"


def test_it_is_rendered_for_the_head_of_that_printer(store: Store) -> None:
    Printer.objects.create(store=store, name="Fine", host="127.0.0.1", dots_per_mm=12)
    assert "^PW1200" in ask_for_label(store).content


def test_a_store_without_a_printer_goes_on_without_a_label(store: Store) -> None:
    asked = queue_label(
        key="k", store=store, title="T", subject="fulfillment:1", template="printing/test_label.zpl", context={}
    )
    assert asked is None
    event = Event.objects.get()
    assert (event.kind, event.subject, event.store_id) == ("printing.skipped", "fulfillment:1", store.pk)


def test_a_code_that_is_none_is_refused_and_changes_nothing(store: Store) -> None:
    add_printer(store)
    with pytest.raises(NotAHouseCode):
        queue_label(
            key="k",
            store=store,
            title="T",
            subject="fulfillment:1",
            template="pickup/staging_label.zpl",
            context={"label_code": "F>812"},
        )
    assert (PrintJob.objects.count(), Event.objects.count()) == (0, 0)


def test_every_printer_in_use_gets_its_test_label(store: Store) -> None:
    add_printer(store, name="Counter")
    add_printer(store, name="Back room")
    rosa = make_associate(store)
    jobs = queue_test_labels(key="test:1", store=store, associate=rosa)
    assert [job.printer.name for job in jobs] == ["Back room", "Counter"]
    assert [job.associate for job in jobs] == [rosa, rosa]


def test_no_printer_no_test_label(store: Store) -> None:
    with pytest.raises(NoPrinter):
        queue_test_labels(key="test:1", store=store, associate=make_associate(store))


def test_the_content_of_a_label_never_changes(store: Store) -> None:
    add_printer(store)
    job = ask_for_label(store)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        PrintJob.objects.filter(pk=job.pk).update(content="^XA^XZ")
    job.content = "^XA^XZ"
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        job.save()


@pytest.mark.parametrize("state", ["done", "unknown"])
def test_no_label_that_may_lie_in_the_tray_goes_back_into_the_queue(store: Store, state: str) -> None:
    add_printer(store)
    job = PrintJob.objects.filter(pk=ask_for_label(store).pk)
    job.update(state="working")
    with pytest.raises(IntegrityError, match=f"from {state} to queued"), transaction.atomic():
        job.update(state=state) and job.update(state="queued")


def test_a_reprint_without_a_reason_is_refused(store: Store) -> None:
    add_printer(store)
    job = ask_for_label(store)
    with pytest.raises(IntegrityError, match="printjob_reprint_has_reason"), transaction.atomic():
        PrintJob.objects.create(
            key="copy", store=store, printer=job.printer, title="T", subject="x", content="", reprint_of=job
        )


def test_a_label_stays_in_its_store(store: Store) -> None:
    elsewhere = add_printer(make_store())
    with pytest.raises(IntegrityError, match="printjob_printer_of_its_store"), transaction.atomic():
        PrintJob.objects.create(key="k", store=store, printer=elsewhere, title="T", subject="x", content="")
