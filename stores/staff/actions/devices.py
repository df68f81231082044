"""Which devices are let in: a manager makes a code, the device shows it once and keeps a token from then on."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from stores.journal.actions.record import record
from stores.models import Device, EnrolmentCode, Store
from stores.staff.actions.end_session import end_sessions_in_transaction
from stores.staff.errors import CodeNotValid, DeviceNameInvalid, DeviceNameTaken
from stores.staff.models import Associate
from stores.staff.queries.enrolment import valid_code
from stores.staff.tokens import hashed, new_code, new_token

CODE_MINUTES = 60
USES_MAX = 50
NAME_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`token` goes into the device's cookie; the database has only its hash."""

    device: Device
    token: str


def make_enrolment_code(*, store: Store, uses: int, by: Associate, device: Device | None = None) -> str:
    """A code that lets `uses` devices (1 to 50) into the store within the next hour. It cannot be read again."""
    code = new_code()
    made = EnrolmentCode.objects.create(
        store=store,
        code_hash=hashed(code),
        uses_left=min(max(uses, 1), USES_MAX),
        expires_at=timezone.now() + timedelta(minutes=CODE_MINUTES),
    )
    record(
        kind="staff.enrolment_code_made", subject=made, store=store, actor=by, device=device, quantity=made.uses_left
    )
    return code


def enrol_device(*, code: str, name: str) -> Enrolled:
    """Lets a device in under `name` in the code's store, and takes one use off the code.

    A device that was planned under this name, or revoked, comes (back) to life; the name of one that is in use is
    refused. Raises CodeNotValid, DeviceNameTaken, DeviceNameInvalid.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH_MAX or not name.isprintable():
        raise DeviceNameInvalid(length_max=NAME_LENGTH_MAX)
    enrolment = valid_code(code)
    if enrolment is None:
        raise CodeNotValid
    token = new_token()
    try:
        with transaction.atomic(durable=True):
            _take_one_use(enrolment)
            device = _give_name(enrolment.store, name, hashed(token))
            record(kind="staff.device_enrolled", subject=device, store=enrolment.store, device=device)
    except IntegrityError as error:
        raise DeviceNameTaken(name=name) from error
    return Enrolled(device, token)


def revoke_device(*, store: Store, pk: int, by: Associate, device: Device | None = None) -> Device | None:
    """Shuts the device out at once and ends the sessions on it. None when the store has no such device in use."""
    if not store.devices.filter(pk=pk, revoked_at=None).update(revoked_at=Now(), token_hash=None):
        return None
    revoked = store.devices.get(pk=pk)
    end_sessions_in_transaction(Q(device=revoked))
    record(kind="staff.device_revoked", subject=revoked, store=store, actor=by, device=device)
    return revoked


def _take_one_use(enrolment: EnrolmentCode) -> None:
    # Guarded, so that of two devices sharing the last use one is refused.
    taken = EnrolmentCode.objects.filter(pk=enrolment.pk, uses_left__gt=0, expires_at__gt=Now()).update(
        uses_left=F("uses_left") - 1
    )
    if not taken:
        raise CodeNotValid


def _give_name(store: Store, name: str, token_hash: str) -> Device:
    asleep = store.devices.filter(Q(token_hash=None) | Q(revoked_at__isnull=False), name=name)
    if asleep.update(token_hash=token_hash, enrolled_at=Now(), revoked_at=None):
        return store.devices.get(name=name)
    return store.devices.create(name=name, token_hash=token_hash, enrolled_at=timezone.now())
