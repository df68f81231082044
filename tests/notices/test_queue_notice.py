"""Asking for a notice: rendered once, in the customer's language, safe to put into a header."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stores.journal.models import Event
from stores.notices.actions.deliver import deliver_notice
from stores.notices.models import Notice
from tests.notices.conftest import Ask

pytestmark = pytest.mark.django_db


def test_a_notice_is_rendered_when_it_is_asked_for(ask: Ask) -> None:
    notice = ask(context={"name": "Bob", "at": datetime(2026, 7, 3, 12, 5, tzinfo=UTC)})
    assert (notice.title, notice.body) == ("Ready Bob at Camden", "Bob, your order is ready & waits.\n14:05\n")
    assert (notice.channel, notice.address, notice.state) == ("email", "bob@shop.example", "queued")


def test_nothing_is_escaped_for_html(ask: Ask) -> None:
    assert ask(context={"name": "O'Neill & <Co>"}).title == "Ready O'Neill & <Co> at Camden"


def test_the_same_key_is_one_notice(ask: Ask) -> None:
    assert ask().pk == ask(context={"name": "Somebody else"}).pk
    event = Event.objects.get()
    assert (event.kind, event.key) == ("notices.queued", "ready:1")
    assert event.data == {"kind": "pickup.ready", "about": "fulfillment:1", "channel": "email"}


def test_the_journal_holds_no_personal_data(ask: Ask) -> None:
    deliver_notice(pk=ask().pk)
    for event in Event.objects.all():
        assert "bob" not in f"{event.data} {event.subject} {event.key}".lower()


@pytest.mark.parametrize(("language", "title"), [("en", "Ready"), ("xx", "Ready"), ("", "Ready")])
def test_an_unknown_language_falls_back(ask: Ask, language: str, title: str) -> None:
    with translation.override("es"):
        assert ask(language=language).title.split()[0] == title


@pytest.mark.parametrize(
    "address", ["", "nobody", "bob@shop.example\nBcc: all@shop.example", "a@b@c", "x" * 300 + "@a.example"]
)
def test_without_a_usable_address_the_notice_stays_in_the_house(ask: Ask, address: str) -> None:
    notice = ask(address=address)
    assert (notice.channel, notice.address) == ("console", "")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_no_name_makes_a_second_header_line(ask: Ask, name: str) -> None:
    notice = ask(key=f"ready:{Notice.objects.count()}", context={"name": name})
    mail.outbox.clear()
    deliver_notice(pk=notice.pk)
    (message,) = mail.outbox
    assert len(message.subject.splitlines()) == 1
    assert message.message()["Bcc"] is None


def test_a_long_title_is_cut(ask: Ask) -> None:
    assert len(ask(context={"name": "x" * 500}).title) == 200


def test_a_missing_template_is_an_error_and_leaves_nothing(ask: Ask) -> None:
    with pytest.raises(TemplateDoesNotExist):
        ask(template="pickup/notices/nothing")
    assert Notice.objects.count() == 0


def test_a_sent_notice_never_goes_back_into_the_queue(ask: Ask) -> None:
    notice = ask()
    deliver_notice(pk=notice.pk)
    with pytest.raises(IntegrityError, match="from done to queued"), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(state="queued")
