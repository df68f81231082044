"""Which deliveries may be tried now."""

from django.db.models import Count, Q
from django.db.models.functions import Now

from stores.sync.models import WebhookDelivery, WebhookEndpoint

WORKING = Q(deliveries__state=WebhookDelivery.State.WORKING, deliveries__lease_until__gt=Now())


def due_deliveries(*, endpoint_id: int | None = None) -> list[int]:
    """The longest due deliveries of each active endpoint (or of one), no more than it has free places."""
    endpoints = WebhookEndpoint.objects.filter(is_active=True)
    if endpoint_id is not None:
        endpoints = endpoints.filter(pk=endpoint_id)
    due: list[int] = []
    for endpoint in endpoints.annotate(working=Count("deliveries", filter=WORKING)).order_by("pk"):
        free = endpoint.at_once - endpoint.working
        if free > 0:
            waiting = WebhookDelivery.queue.due().filter(endpoint=endpoint)  # type: ignore[misc]  # Typed for any Job.
            waiting = waiting.order_by("next_try_at", "pk")
            due.extend(waiting.values_list("pk", flat=True)[:free])
    return due
