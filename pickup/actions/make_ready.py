"""An order is ready: the customer hears of it, and so does the shop."""

import secrets
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from pickup.codes import CODE_DIGITS
from pickup.links import TOKEN_BYTES, link_address
from pickup.models import CustomerLink
from pickup.queries.hours import week
from stores.journal.actions.record import record, subject_of
from stores.models import Device
from stores.notices.actions.send import queue_notice
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.transitions import advance


def make_ready(*, fulfillment: Fulfillment, associate: Associate, device: Device | None) -> CustomerLink:
    """Marks the fulfillment ready, opens the customer's page and sends the notice.

    Staged again after an undo, it keeps the address and the code that the customer already has, and sends no second
    notice. The caller holds the fulfillment's row.
    """
    advance(fulfillment, to=Fulfillment.State.STAGED, staged_at=Now())
    link, is_new = CustomerLink.objects.update_or_create(
        fulfillment=fulfillment,
        defaults={"expires_at": timezone.now() + timedelta(days=fulfillment.store.hold_days)},
        create_defaults={
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "code": f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
            "expires_at": timezone.now() + timedelta(days=fulfillment.store.hold_days),
        },
    )
    order = fulfillment.order
    record(
        kind="pickup.ready",
        subject=fulfillment,
        store=fulfillment.store,
        actor=associate,
        device=device,
        data={
            "source": order.source,
            "order": order.external_id,
            "number": order.number,
            "collect_by": link.expires_at.isoformat(),
            "again": not is_new,
        },
    )
    if is_new:
        _notify(fulfillment, link)
    return link


def _notify(fulfillment: Fulfillment, link: CustomerLink) -> None:
    order, store = fulfillment.order, fulfillment.store
    queue_notice(
        key=f"pickup.ready:{fulfillment.pk}",
        store=store,
        kind="pickup.ready",
        subject=subject_of(fulfillment),
        address=order.contact.email,
        language=order.contact.language,
        template="pickup/notices/ready",
        context={
            "number": order.number,
            "name": order.contact.name,
            "store": store,
            "week": week(store),
            "code": link.code,
            "address": link_address(link),
            "collect_by": store.local(link.expires_at),
            "curbside": order.method == order.Method.CURBSIDE,
        },
    )
