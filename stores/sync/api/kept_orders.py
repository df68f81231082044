"""Orders refused in the caller's face and kept, so that somebody here can mend them."""

import hashlib
import json

from stores.journal.actions.record import subject_of
from stores.orders.errors import OrderExists
from stores.refusals import Refusal
from stores.sync.actions.place_incoming import place_incoming
from stores.sync.actions.receive_message import keep_refused
from stores.sync.api.serializers import Data, OrderRequestSerializer, incoming_order
from stores.sync.incoming import IncomingOrder
from stores.sync.models import InboundMessage

CONNECTOR, TOPIC = "api", "orders"


def keep_order(order: IncomingOrder, data: Data, refusal: Refusal) -> InboundMessage:
    """`data` as the caller sent it; kept with the store and the time of this request, whenever it is applied."""
    meant = {**data, "pickup_store": order.store_code, "placed_at": order.placed_at.isoformat()}
    if not order.cart:
        meant.pop("cart", None)
    return keep_refused(
        connector=CONNECTOR,
        source=order.source,
        external_id=message_id(order),
        topic=TOPIC,
        body=json.dumps(meant),
        refusal=refusal,
    )


def message_id(order: IncomingOrder) -> str:
    """One kept message for each order of the source. The colon keeps it apart from ids that other systems chose."""
    return "order:" + hashlib.sha256(order.external_id.encode()).hexdigest()


def apply(message: InboundMessage) -> str:
    """Places the order after all; one that is here by now changes nothing."""
    data = json.loads(message.body)
    store_code = data.pop("pickup_store")
    checked = OrderRequestSerializer(data=data)
    checked.is_valid(raise_exception=True)
    order = incoming_order(checked.validated_data, source=message.source, store_code=store_code)
    try:
        return subject_of(place_incoming(order))
    except OrderExists as taken:
        return subject_of(taken.facts["order"])
