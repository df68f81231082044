import time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from stores.journal.actions.record import record
from stores.journal.actions.seal import broken_seals, seal_journal
from stores.journal.models import Event, Seal
from stores.stock.models import Balance
from tests.factories import make_item, make_store, stock_up


def sealed(rows: int) -> int:
    """Seals until `rows` rows are sealed: transactions of other databases on the server delay it, as they should."""
    done, patience = 0, time.monotonic() + 300
    while done < rows and time.monotonic() < patience:
        done += seal_journal()
        time.sleep(0.02)
    return done


@pytest.mark.django_db
def test_an_event_is_never_changed_or_deleted():
    record(kind="test.happened", subject="thing:1")
    for change in (lambda: Event.objects.update(kind="other"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()
    assert Event.objects.get().kind == "test.happened"


@pytest.mark.django_db(transaction=True)
def test_seals_cover_every_committed_row_once():
    stock_up(make_store(), make_item(), 3)
    assert sealed(2) == 2  # One move, one event.
    assert seal_journal() == 0
    record(kind="test.happened", subject="thing:1")
    assert sealed(1) == 1
    assert broken_seals() == []


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_still_open_is_sealed_later():
    record(kind="test.first", subject="thing:1")
    slow = connection.copy()
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_event (kind, subject, data, key) VALUES ('test.slow', 'thing:2', '{}', '')"
            )
            record(kind="test.last", subject="thing:3")
            sealed_before = sealed(1)
            slow.commit()
    finally:
        slow.close()
    assert sealed_before == 1
    assert sealed(2) == 2
    assert broken_seals() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.breaks_the_record
def test_tampering_shows():
    stock_up(make_store(), make_item(), 3)
    record(kind="test.happened", subject="thing:1")
    sealed(3)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_append_only")
        cursor.execute("UPDATE journal_event SET quantity = 99 WHERE kind = 'stock.received'")
        cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER journal_event_append_only")
    assert [seal.table for seal in broken_seals()] == ["journal_event"]
    with pytest.raises(SystemExit, match="1"):
        call_command("audit")


@pytest.mark.django_db
@pytest.mark.breaks_the_record
def test_audit_names_the_defect(capsys):
    stock_up(make_store(), make_item(), 3)
    Balance.objects.filter(physical=True).update(quantity=4)
    with pytest.raises(SystemExit, match="1"):
        call_command("audit")
    printed = capsys.readouterr().out
    assert "a balance is the sum of its moves" in printed
    assert "balance=4, moves=3" in printed


@pytest.mark.django_db(transaction=True)
def test_seals_cannot_be_rewritten():
    stock_up(make_store(), make_item(), 3)
    sealed(2)
    with pytest.raises(DatabaseError, match="only grows"):
        Seal.objects.update(hash="0")
