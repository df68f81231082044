"""Cancellations and changes that came by the API before their order."""

import hashlib
import json
from datetime import datetime

from stores.journal.actions.record import subject_of
from stores.orders.models import Order
from stores.orders.reasons import CancelReason
from stores.sync.actions.change_incoming import Named, cancel_incoming, lower_incoming
from stores.sync.actions.park_early import park_early
from stores.sync.api.changes.serializers import CancelRequestSerializer, ChangeRequestSerializer
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey, InboundMessage

CONNECTOR = "api"
CANCEL, CHANGE = "orders/cancel", "orders/change"


def act_on(topic: str, data: Data, *, named: Named, key: str) -> Order:
    """`data` is validated. Raises what `cancel_incoming` and `lower_incoming` raise."""
    reason = CancelReason(data["reason"])
    if topic == CANCEL:
        return cancel_incoming(named=named, reason=reason, key=key)
    to = {line["line"]: line["quantity"] for line in data["lines"]}
    return lower_incoming(named=named, to=to, reason=reason, key=key)


def keep(topic: str, data: Data, *, key: ApiKey, idempotency_key: str) -> InboundMessage:
    """Parks the request in the caller's transaction. One cancellation is as good as many; each change is one."""
    words = data["external_id"] if topic == CANCEL else f"{key.pk}:{idempotency_key}"
    body = {**data, "store": key.store_id}
    return park_early(
        connector=CONNECTOR,
        source=key.source,
        # The colon keeps it apart from ids that other systems chose.
        external_id=f"{topic}:{hashlib.sha256(words.encode()).hexdigest()}",
        topic=topic,
        body=json.dumps(body),
        order=data["external_id"],
        cancels=topic == CANCEL,
    )


def told(message: InboundMessage, external_id: str, until: datetime) -> Data:
    """Plain values, in the shape of the API's Parked."""
    return {"external_id": external_id, "state": "parked", "message": message.pk, "until": until.isoformat()}


def apply(message: InboundMessage) -> str:
    """The order has come."""
    body = json.loads(message.body)
    store_id = body.pop("store")
    serializer = CancelRequestSerializer if message.topic == CANCEL else ChangeRequestSerializer
    checked = serializer(data=body)
    checked.is_valid(raise_exception=True)
    named = Named(source=message.source, external_id=body["external_id"], store_id=store_id)
    return subject_of(act_on(message.topic, checked.validated_data, named=named, key=f"message:{message.pk}"))
