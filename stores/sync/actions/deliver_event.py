"""Telling another system about an event."""

import time
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from standardwebhooks import Webhook

from stores.journal.actions.record import record
from stores.sync.models import WebhookDelivery, WebhookEndpoint
from stores.sync.outbound.errors import NotDelivered
from stores.sync.outbound.payload import message_id, payload_of
from stores.sync.outbound.post import DEADLINE_SECONDS, post

LEASE_SECONDS = 30
# An endpoint that answers well and within this time may be told several things at once.
QUICK_SECONDS = 1.0

log = structlog.get_logger(__name__)


def deliver_event(*, pk: int) -> int | None:
    """Tries one delivery once; the endpoint's id, or None when it was not this worker's to try.

    2xx ends it; anything else waits and is tried again (5 s, 30 s, 2 min, 10 min, 1 h), then it is a dead letter.
    """
    delivery = _claim(pk)
    if delivery is None:
        return None
    started = time.monotonic()
    status, error = _post(delivery)
    _settle(delivery, status=status, error=error, seconds=time.monotonic() - started)
    return delivery.endpoint_id


def _claim(pk: int) -> WebhookDelivery | None:
    with transaction.atomic(durable=True):
        # The endpoint's row, and no other, is the gate: two workers cannot both take its last free place.
        endpoints = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True)
        endpoint = endpoints.filter(deliveries=pk, is_active=True).first()
        if endpoint is None:
            return None
        working = endpoint.deliveries.filter(Q(state=WebhookDelivery.State.WORKING, lease_until__gt=Now()))
        if working.count() >= endpoint.at_once or not WebhookDelivery.queue.claim(pk, lease_seconds=LEASE_SECONDS):
            return None
        return WebhookDelivery.objects.select_related("event__store", "endpoint").get(pk=pk)


def _post(delivery: WebhookDelivery) -> tuple[int | None, str]:
    try:
        body = payload_of(delivery.event)
        status = post(
            delivery.endpoint.url,
            body=body.encode(),
            headers=signed_headers(delivery.endpoint.secrets, message_id(delivery.event), body),
            private_allowed=settings.WEBHOOK_PRIVATE_ADDRESSES_ALLOWED,
            deadline_seconds=DEADLINE_SECONDS,
        )
    except NotDelivered as error:
        return None, str(error)
    except Exception as error:  # noqa: BLE001  # A broken endpoint or event must end as a dead letter, not go round for ever.
        log.error("delivery_broken", delivery=delivery.pk, error=type(error).__name__)
        return None, type(error).__name__
    return status, "" if 200 <= status < 300 else f"answered {status}"


def signed_headers(secrets: list[str], webhook_id: str, body: str) -> dict[str, str]:
    """Headers of the Standard Webhooks specification, signed with every live secret."""
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Storehand",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(webhook_id, now, body) for secret in secrets),
    }


def _settle(delivery: WebhookDelivery, *, status: int | None, error: str, seconds: float) -> None:
    answers_well = not error and seconds <= QUICK_SECONDS
    with transaction.atomic(durable=True):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(last_status=status)
        if answers_well != delivery.endpoint.answers_well:
            WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(answers_well=answers_well)
        if not error:
            delivery.done()
            return
        delivery.retry_later(error)
        if delivery.state == WebhookDelivery.State.FAILED:
            record(
                kind="sync.delivery_failed",
                subject=delivery,
                store=delivery.event.store_id,
                data={"endpoint": delivery.endpoint.name, "event": delivery.event_id, "status": status},
            )
