"""Is this the customer? The pickup code says so, or a lead who has looked."""

import secrets
from dataclasses import dataclass

from django.db.models import F

from pickup.access import lock_fulfillment
from pickup.actions.refuse import refuse_unless_own
from pickup.codes import CODE_DIGITS, CODE_MISSES_MAX, is_pickup_code, read_customer_code
from pickup.errors import CodeLocked, CodeMalformed, IdentityChecked, OtherCustomersCode, ReasonMissing
from pickup.models import CustomerLink, Handover
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.models import Fulfillment
from stores.staff.models import Associate

REASON_LENGTH_MIN = 3
REASON_LENGTH_MAX = 200


@dataclass(frozen=True)
class CodeCheck:
    """`tries_left` are what remain after a wrong code."""

    is_right: bool
    tries_left: int


def check_code(*, store: Store, pk: int, code: str, associate: Associate, device: Device | None) -> CodeCheck:
    """Compares the code that the customer says, or shows on their screen, in constant time.

    A wrong code is counted, so it is an answer and not an exception: an exception would undo the counting.
    Raises CodeMalformed, OtherCustomersCode, CodeLocked, IdentityChecked, and what every step of a handover may raise.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    _refuse_if_checked(fulfillment)
    digits = _digits(fulfillment, code)
    link = CustomerLink.objects.get(fulfillment=fulfillment)
    if link.code_misses >= CODE_MISSES_MAX:
        raise CodeLocked
    if secrets.compare_digest(link.code.encode(), digits.encode()):
        _prove(fulfillment, associate, device, proof=Handover.Proof.CODE)
        return CodeCheck(is_right=True, tries_left=CODE_MISSES_MAX)
    CustomerLink.objects.filter(pk=link.pk).update(code_misses=F("code_misses") + 1)
    tries_left = CODE_MISSES_MAX - link.code_misses - 1
    record(
        kind="pickup.code_missed",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        data={"tries_left": tries_left},
    )
    return CodeCheck(is_right=False, tries_left=tries_left)


def vouch_as_lead(
    *, store: Store, pk: int, lead: Associate, reason: str, associate: Associate, device: Device | None
) -> Handover:
    """A lead, whose PIN was checked a moment ago, says in `reason` how they know the customer.

    Raises ReasonMissing, IdentityChecked, and what every step of a handover may raise.
    """
    reason = " ".join(reason.split())
    if len(reason) < REASON_LENGTH_MIN:
        raise ReasonMissing
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    _refuse_if_checked(fulfillment)
    return _prove(
        fulfillment, associate, device, proof=Handover.Proof.LEAD, lead=lead, reason=reason[:REASON_LENGTH_MAX]
    )


def _digits(fulfillment: Fulfillment, code: str) -> str:
    shown = read_customer_code(code)
    if shown and shown.fulfillment_id != fulfillment.pk:
        raise OtherCustomersCode
    digits = shown.code if shown else "".join(code.split())
    if not is_pickup_code(digits):
        raise CodeMalformed(digits=CODE_DIGITS)
    return digits


def _refuse_if_checked(fulfillment: Fulfillment) -> None:
    if Handover.objects.filter(fulfillment=fulfillment).exists():
        raise IdentityChecked


def _prove(
    fulfillment: Fulfillment,
    associate: Associate,
    device: Device | None,
    *,
    proof: Handover.Proof,
    lead: Associate | None = None,
    reason: str = "",
) -> Handover:
    handover = Handover.objects.create(
        fulfillment=fulfillment, associate=associate, proof=proof, approved_by=lead, reason=reason
    )
    record(
        kind="pickup.identity_checked",
        subject=fulfillment,
        store=fulfillment.store,
        actor=associate,
        device=device,
        data={"proof": proof, "lead": lead.pk if lead else None},
    )
    return handover
