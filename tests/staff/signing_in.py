"""Browsers of the test client, on enrolled devices and signed in."""

from django.conf import settings
from django.test import Client

from stores.models import Device, Store
from stores.staff.actions.sign_in import open_session
from stores.staff.models import Associate
from stores.staff.queries.colleagues import best_role
from stores.staff.tokens import hashed
from tests.factories import make_device


def enrolled_client(device: Device, *, enforce_csrf_checks: bool = False) -> Client:
    """A browser that keeps the device's token."""
    token = f"token of device {device.pk}"
    Device.objects.filter(pk=device.pk).update(token_hash=hashed(token), revoked_at=None)
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.cookies[settings.DEVICE_COOKIE_NAME] = token
    return client


def signed_in_client(associate: Associate, store: Store, *, device: Device | None = None) -> Client:
    """A browser with an open session; no PIN is checked, so it costs no argon2."""
    device = device or store.devices.first() or make_device(store)
    client = enrolled_client(device)
    role = best_role(associate, store)
    assert role is not None, "the associate has no role in this store"
    opened = open_session(associate=associate, role=role, device=device)
    client.cookies[settings.SESSION_COOKIE_NAME] = opened.key
    return client


def is_signed_in(client: Client) -> bool:
    """The sign-in page sends on whoever is signed in already."""
    return client.get("/sign-in/").status_code == 302
