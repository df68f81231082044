"""Housekeeping takes what is over and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stores.staff.models import BadgeTries, Session
from stores.staff.tasks import sweep
from tests.factories import make_associate, make_device, make_store
from tests.staff.signing_in import is_signed_in, signed_in_client

pytestmark = pytest.mark.django_db


def test_only_what_is_over_goes() -> None:
    store = make_store()
    rosa = make_associate(store, badge="4711")
    signed_in_client(rosa, store, device=make_device(store, "Handheld 1"))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    client = signed_in_client(rosa, store, device=make_device(store, "Handheld 2"))
    long_ago = timezone.now() - timedelta(days=2)
    BadgeTries.objects.create(badge="4711", misses=10, next_try_at=long_ago)
    BadgeTries.objects.create(badge="9998", misses=10, next_try_at=long_ago)
    BadgeTries.objects.create(badge="9999", misses=3)
    sweep()
    assert Session.objects.count() == 1
    assert is_signed_in(client)
    assert set(BadgeTries.objects.values_list("badge", flat=True)) == {"4711", "9999"}
