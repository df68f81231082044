"""Enrolment codes and the devices they let in."""

import re

from django.db.models import F, Max, QuerySet
from django.utils import timezone

from stores.models import Device, EnrolmentCode, Store
from stores.staff.tokens import CODE_ALPHABET, CODE_LENGTH, hashed

_CODE = re.compile(rf"(?:.*/enrol/)?([{CODE_ALPHABET}]{{{CODE_LENGTH}}})/?", re.IGNORECASE)


def read_enrolment_code(text: str) -> str:
    """The code in what was typed or scanned: the code itself, with spaces or dashes, or the whole address of it."""
    bare = text.strip()[:300]
    found = _CODE.fullmatch(bare) or _CODE.fullmatch(bare.replace(" ", "").replace("-", ""))
    return found[1].upper() if found else ""


def valid_code(code: str) -> EnrolmentCode | None:
    """The enrolment code with its store, if a device may still use it."""
    known = EnrolmentCode.objects.select_related("store")
    return known.filter(code_hash=hashed(code.upper()), uses_left__gt=0, expires_at__gt=timezone.now()).first()


def device_with_token(token: str) -> Device | None:
    """The enrolled device that keeps this token, with its store; None for a stranger and for a revoked device."""
    if not token:
        return None
    return Device.objects.select_related("store").filter(token_hash=hashed(token), revoked_at=None).first()


def devices_of(store: Store) -> QuerySet[Device]:
    """All devices of the store, each with `last_seen_at` of its sessions; those in use first."""
    return store.devices.annotate(last_seen_at=Max("sessions__last_seen_at")).order_by(
        F("revoked_at").asc(nulls_first=True), "name"
    )


def suggested_name(store: Store) -> str:
    """The name of a planned device that nobody has enrolled yet, or the next free number."""
    planned = store.devices.filter(token_hash=None, revoked_at=None).order_by("name").first()
    return planned.name if planned else f"Handheld {store.devices.count() + 1}"
