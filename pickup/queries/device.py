"""What a handheld needs to stage totes without a connection. No personal data."""

from typing import Any

from django.urls import reverse

from pickup.queries.staging import totes_waiting
from stores.models import Store

TOTES_MAX = 200


def totes_data(store: Store) -> list[dict[str, Any]]:
    """Full totes whose orders are picked, the soonest promise first."""
    return [
        {
            "pk": used.pk,
            "path": reverse("pickup:stage_tote", args=[used.pk]),
            "url": reverse("pickup:stage_tote_scan", args=[used.pk]),
            "tote": used.tote.code,
            "order": used.part.fulfillment.order.number,
            "due_at": used.part.fulfillment.promised_at.isoformat(),
        }
        for used in totes_waiting(store)[:TOTES_MAX]
    ]
