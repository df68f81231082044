"""Workers that are killed, slow, or broken: an import is done once, and done to its end."""

import pytest

from stores.catalog.actions import apply_lines, read_import
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.run_import import run_import
from stores.catalog.actions.start_import import Upload, run_again, start_import
from stores.catalog.import_errors import CannotRunAgain
from stores.catalog.models import Item, ItemImport
from stores.catalog.tasks import import_sweep
from stores.journal import wakeups
from stores.journal.models import Event
from stores.sync.models import InboundMessage
from tests.catalog.importing import bring_in, counts, reasons, sales
from tests.factories import make_associate, make_item, make_store

pytestmark = pytest.mark.django_db

LANTERN = ("71053", "WHITE METAL LANTERN", "3.39")
TEN = sales(*((f"{n}", f"ITEM {n}", "1") for n in range(100, 110))).encode()


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[tuple[str, tuple[object, ...]]]:
    sent: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr(wakeups, "_send", lambda task, args: sent.append((task, args)))
    monkeypatch.setattr(wakeups, "_publish", lambda store_id, kind: None)
    return sent


@pytest.mark.parametrize("killed_at", [3, 6, 9])
def test_a_worker_that_is_killed_while_it_reads_loses_nothing(monkeypatch, killed_at):
    monkeypatch.setattr(read_import, "CHUNK_LINES", 3)
    keep_lease = read_import.keep_lease

    def dies(item_import, **fields):
        keep_lease(item_import, **fields)
        if fields["lines_read"] == killed_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(read_import, "keep_lease", dies)
    item_import = start_import(files=[Upload("a.csv", TEN)], system="pos", associate=None)
    with pytest.raises(KeyboardInterrupt):
        run_import(pk=item_import.pk)
    item_import.refresh_from_db()
    # Its page has seen how far it came; the lines themselves come all together.
    assert (item_import.state, item_import.lines_read, item_import.lines_total) == ("working", killed_at, 11)
    assert not item_import.lines.exists()
    monkeypatch.setattr(read_import, "keep_lease", keep_lease)
    run_import(pk=item_import.pk)  # The lease still stands: nobody else may touch it.
    assert not item_import.lines.exists()

    ItemImport.objects.update(lease_until="2020-01-01T00:00Z")
    run_import(pk=item_import.pk)

    item_import.refresh_from_db()
    assert (item_import.state, item_import.lines_read, counts(item_import)) == ("done", 10, {"added": 10})
    assert list(item_import.lines.order_by("number").values_list("number", "file_line")) == [
        (number, number + 1) for number in range(1, 11)
    ]


def test_a_worker_whose_import_was_taken_over_while_it_read_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(read_import, "CHUNK_LINES", 3)
    item_import = start_import(files=[Upload("a.csv", TEN)], system="pos", associate=None)
    keep_lease = read_import.keep_lease

    def is_slow(slow_import, **fields):
        if fields["lines_read"] == 6:
            monkeypatch.setattr(read_import, "keep_lease", keep_lease)
            ItemImport.objects.update(lease_until="2020-01-01T00:00Z")
            run_import(pk=item_import.pk)
        keep_lease(slow_import, **fields)

    monkeypatch.setattr(read_import, "keep_lease", is_slow)
    run_import(pk=item_import.pk)
    item_import.refresh_from_db()
    assert (item_import.state, counts(item_import), item_import.attempts) == ("done", {"added": 10}, 2)
    assert Item.objects.count() == Event.objects.filter(kind="catalog.item_added").count() == 10
    assert Event.objects.filter(kind="catalog.import_finished").count() == 1


def test_a_worker_that_is_killed_while_it_judges_leaves_the_lines_as_they_were(monkeypatch):
    monkeypatch.setattr("stores.catalog.actions.judge_import.queue_bad_lines", _killed)
    item_import = start_import(files=[Upload("a.csv", sales(LANTERN).encode())], system="pos", associate=None)
    with pytest.raises(KeyboardInterrupt):
        run_import(pk=item_import.pk)
    assert not Item.objects.exists()
    monkeypatch.undo()
    ItemImport.objects.update(lease_until="2020-01-01T00:00Z")
    run_import(pk=item_import.pk)
    item_import.refresh_from_db()
    assert counts(item_import) == {"added": 1}
    assert not item_import.files.exclude(content=b"").exists()


def _killed(item_import, lines):
    raise KeyboardInterrupt


def test_work_that_takes_long_is_done_in_several_goes(monkeypatch, woken):
    monkeypatch.setattr(apply_lines, "LINES_AT_ONCE", 4)
    for number in range(10):
        make_item("Mug", sku=f"MUG-{number}")
    listed = "sku,name,weight_g\n" + "".join(f"MUG-{number},Mug,{300 + number}\n" for number in range(10))
    item_import = bring_in(listed + "MUG-9,Mug,309\n", system="erp", seconds=0)
    assert (item_import.state, item_import.lines_read, item_import.attempts) == ("queued", 11, 0)
    assert counts(item_import) == {"changed": 4, "repeated": 1}
    for _go in range(3):
        run_import(pk=item_import.pk, seconds=0)
    item_import.refresh_from_db()
    assert (item_import.state, counts(item_import)) == ("done", {"changed": 10, "repeated": 1})
    woken.clear()
    import_sweep()
    assert woken == []


def test_running_a_finished_import_again_does_nothing():
    item_import = bring_in(sales(LANTERN))
    run_import(pk=item_import.pk)
    assert Event.objects.filter(kind="catalog.import_finished").count() == 1


def test_an_import_that_breaks_is_tried_again(monkeypatch):
    monkeypatch.setattr("stores.catalog.actions.run_import.judge_import", _breaks)
    item_import = bring_in(sales(LANTERN))
    assert (item_import.state, item_import.last_error) == ("queued", "ZeroDivisionError")
    monkeypatch.undo()
    ItemImport.objects.update(next_try_at="2020-01-01T00:00Z")
    run_import(pk=item_import.pk)
    assert Item.objects.count() == 1


def _breaks(item_import, read):
    raise ZeroDivisionError


def test_what_stopped_is_run_again_by_a_person_and_what_is_done_is_not():
    lead = make_associate(make_store())
    item_import = bring_in(sales(LANTERN))
    with pytest.raises(CannotRunAgain):
        run_again(item_import=item_import, associate=lead)
    waiting = start_import(files=[Upload("a.csv", sales(LANTERN).encode())], system="pos", associate=None)
    waiting.failed("WorkerLost")
    run_again(item_import=waiting, associate=lead)
    run_import(pk=waiting.pk)
    waiting.refresh_from_db()
    assert counts(waiting) == {"repeated": 1}


def test_a_barcode_that_went_to_another_item_meanwhile_waits_and_holds_up_no_other_line(monkeypatch):
    for name, sku in (("Lantern", "71053"), ("Cup", "22139")):
        make_item(name, sku=sku)
    apply = apply_lines.apply_lines

    def comes_late(item_import, **given):
        add_barcode(item=make_item("Hanger"), gtin="4006381333931")
        return apply(item_import, **given)

    monkeypatch.setattr("stores.catalog.actions.run_import.apply_lines", comes_late)
    done = bring_in("sku,price,gtin\n71053,9.99,4006381333931\n22139,9.99,\n")
    assert (done.state, counts(done), reasons(done)) == ("done", {"changed": 1, "refused": 1}, {"duplicate_gtin": 1})
    waits = InboundMessage.objects.get(connector="items")
    assert (waits.reason, waits.facts["sku"], waits.facts["gtins"]) == ("duplicate_gtin", "71053", ["04006381333931"])
