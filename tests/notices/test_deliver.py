"""Getting notices out of the house."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from pytest_django import Settings
from structlog.testing import capture_logs

from stores.journal.models import Event
from stores.notices import tasks
from stores.notices.actions.deliver import deliver_notice, message_id
from stores.notices.actions.erase import erase_notices_of
from stores.notices.models import Notice
from tests.notices.conftest import Ask

pytestmark = pytest.mark.django_db


def state_of(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.state, notice.last_error


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(_message: EmailMessage, fail_silently: bool = False) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def test_a_notice_is_mailed_once(ask: Ask) -> None:
    notice = ask()
    for _wake_up in range(3):
        tasks.send_notice(notice.pk)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bob@shop.example"], "Ready Bob at Camden")
    assert message.body == notice.body
    assert state_of(notice) == ("done", "")
    assert kinds() == ["notices.queued", "notices.sent"]


def test_the_message_id_is_the_same_for_every_try_and_no_other_notice(ask: Ask, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Storehand <pickup@shop.example>"
    one, other = ask(), ask(key="ready:2")
    assert message_id(one) == message_id(Notice.objects.get(pk=one.pk))
    assert message_id(one) != message_id(other)
    assert message_id(one).endswith("@shop.example>")
    deliver_notice(pk=one.pk)
    assert mail.outbox[0].message()["Message-ID"] == message_id(one)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected("bob@shop.example"),
        smtplib.SMTPRecipientsRefused({"bob@shop.example": (451, b"bob@shop.example: try later")}),
    ],
)
def test_a_mail_server_that_is_away_is_tried_again(ask: Ask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    notice = ask()
    with monkeypatch.context() as patch:
        fail_with(patch, error)
        deliver_notice(pk=notice.pk)
    assert state_of(notice) == ("queued", "no_server")
    deliver_notice(pk=notice.pk)
    assert mail.outbox == [], "not before the next try is due"
    Notice.objects.update(next_try_at=Now())
    deliver_notice(pk=notice.pk)
    assert (state_of(notice), len(mail.outbox)) == (("done", ""), 1)
    assert kinds() == ["notices.queued", "notices.sent"]


def test_after_the_last_try_a_notice_has_failed(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = ask()
    fail_with(monkeypatch, ConnectionRefusedError())
    for _try in range(6):
        Notice.objects.update(next_try_at=Now())
        deliver_notice(pk=notice.pk)
    assert state_of(notice) == ("failed", "no_server")
    assert kinds() == ["notices.queued", "notices.failed"]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (smtplib.SMTPRecipientsRefused({"bob@shop.example": (550, b"no bob@shop.example here")}), "refused"),
        (mail.BadHeaderError("bob@shop.example"), "unsendable"),
    ],
)
def test_what_can_never_be_sent_fails_at_once_and_names_nobody(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, error: Exception, trouble: str
) -> None:
    notice = ask()
    fail_with(monkeypatch, error)
    with capture_logs() as logs:
        deliver_notice(pk=notice.pk)
    assert state_of(notice) == ("failed", trouble)
    assert "bob" not in f"{logs} {Event.objects.values_list('data', flat=True)}"


def test_a_worker_killed_before_sending_is_made_up_for(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    notice, woken = ask(), []
    assert Notice.queue.claim(notice.pk)
    deliver_notice(pk=notice.pk)
    assert mail.outbox == [], "the lease still runs"
    Notice.objects.update(lease_until="2020-01-01T00:00Z")
    monkeypatch.setattr(tasks.send_notice, "apply_async", lambda args, **_options: woken.append(args[0]))
    tasks.sweep()
    assert woken == [notice.pk]
    deliver_notice(pk=notice.pk)
    assert (state_of(notice)[0], len(mail.outbox)) == ("done", 1)


def test_a_worker_killed_after_sending_costs_one_duplicate_under_the_same_id(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = ask()
    real = EmailMessage.send

    class Killed(BaseException):
        pass

    def send_and_die(message: EmailMessage, fail_silently: bool = False) -> int:
        real(message)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", send_and_die)
        with pytest.raises(Killed):
            deliver_notice(pk=notice.pk)
    Notice.objects.update(lease_until="2020-01-01T00:00Z")
    for _wake_up in range(3):
        deliver_notice(pk=notice.pk)
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 1
    assert (state_of(notice)[0], len(mail.outbox)) == ("done", 2)


def test_a_worker_that_was_overtaken_does_not_overwrite_the_end(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = ask()
    real = EmailMessage.send

    def stall(message: EmailMessage, fail_silently: bool = False) -> int:
        monkeypatch.setattr(EmailMessage, "send", real)
        Notice.objects.update(lease_until="2020-01-01T00:00Z")
        deliver_notice(pk=notice.pk)
        raise ConnectionResetError

    monkeypatch.setattr(EmailMessage, "send", stall)
    deliver_notice(pk=notice.pk)
    assert state_of(notice) == ("done", "")
    assert kinds() == ["notices.queued", "notices.sent"]


@pytest.mark.parametrize(("demo", "shown"), [(True, 1), (False, 0)])
def test_without_an_address_only_the_demo_shows_the_words(ask: Ask, settings: Settings, demo: bool, shown: int) -> None:
    settings.DEMO = demo
    notice = ask(address="")
    with capture_logs() as logs:
        deliver_notice(pk=notice.pk)
    assert (len(logs), len(mail.outbox)) == (shown, 0)
    assert ("Bob" in str(logs)) is demo
    assert state_of(notice) == ("done", "no_address")
    assert kinds() == ["notices.queued", "notices.skipped"]


def test_the_sweeper_wakes_only_what_is_due(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(tasks.send_notice, "apply_async", lambda args, **_options: woken.append(args[0]))
    due, later, sent = ask(key="a"), ask(key="b"), ask(key="c")
    Notice.objects.filter(pk=later.pk).update(next_try_at="2100-01-01T00:00Z")
    deliver_notice(pk=sent.pk)
    tasks.sweep()
    assert woken == [due.pk]


def personal(notice: Notice) -> tuple[Any, ...]:
    notice.refresh_from_db()
    return notice.address, notice.title, notice.body


def test_erasing_empties_what_was_said_and_to_whom(ask: Ask) -> None:
    sent, waiting, other = ask(key="a"), ask(key="b"), ask(key="c", subject="fulfillment:2")
    deliver_notice(pk=sent.pk)
    assert erase_notices_of(subject="fulfillment:1") == 2
    assert (personal(sent), personal(waiting)) == (("", "", ""), ("", "", ""))
    assert (state_of(sent), state_of(waiting)) == (("done", ""), ("failed", "erased"))
    assert personal(other)[0] == "bob@shop.example"
    assert kinds().count("notices.erased") == 2
    assert erase_notices_of(subject="fulfillment:1") == 0


def test_an_erased_notice_is_never_sent(ask: Ask) -> None:
    notice = ask()
    erase_notices_of(subject="fulfillment:1")
    mail.outbox.clear()
    deliver_notice(pk=notice.pk)
    assert mail.outbox == []
