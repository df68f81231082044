"""What a request is once SignInMiddleware has seen it, and once an access rule has let it through."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from stores.models import Device, Store
from stores.staff.models import Associate, Role
from stores.staff.sessions import SessionStore


class SeenRequest(HttpRequest):
    """Any request: perhaps somebody is signed in."""

    user: Associate | AnonymousUser
    store: Store | None
    device: Device | None
    role: Role | None
    htmx: HtmxDetails
    session: SessionStore


class StoreRequest(SeenRequest):
    """A request behind `role_required`: somebody is signed in, in one store, on one device, in one role."""

    user: Associate
    store: Store
    device: Device
    role: Role
