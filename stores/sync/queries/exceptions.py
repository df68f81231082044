"""What waits for a person: messages, webhooks and orders that went nowhere, and bins that nobody has counted."""

from dataclasses import dataclass

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from stores.models import Store
from stores.orders.models import Order, OrderLine
from stores.stock.models import CountRequest
from stores.stock.queries.counts import open_counts
from stores.sync.models import InboundMessage, WebhookDelivery
from stores.sync.queries.reasons import reason_in_words, undelivered_in_words
from stores.sync.refusals import NotFound

SHOWN_MAX = 50
# Words about items that were refused; they are looked at by kind (item_exceptions.py).
ITEMS_CONNECTOR = "items"


def waiting_messages() -> QuerySet[InboundMessage]:
    """Chain level: a message says whose store it is for only once it can be applied. Without bodies."""
    return InboundMessage.objects.filter(state=InboundMessage.State.FAILED, dismissed_reason="").defer("body")


def dead_deliveries(store: Store) -> QuerySet[WebhookDelivery]:
    """Given up, for events of this store or of none."""
    ours = Q(event__store=store) | Q(event__store=None)
    return WebhookDelivery.objects.filter(ours, state=WebhookDelivery.State.FAILED)


def access_message(*, pk: int, lock: bool = False) -> InboundMessage:
    """Without its body, which holds personal data. Raises NotFound."""
    messages = InboundMessage.objects.select_for_update(of=("self",)) if lock else InboundMessage.objects.all()
    message = messages.select_related("owner").defer("body").filter(pk=pk).first()
    if message is None:
        raise NotFound
    return message


def body_of(message: InboundMessage) -> str:
    """As received: for managers only."""
    return InboundMessage.objects.values_list("body", flat=True).get(pk=message.pk)


@dataclass(frozen=True)
class Waiting:
    message: InboundMessage
    words: str
    number: str


@dataclass(frozen=True)
class Exceptions:
    """The board, newest trouble first; the counts go beyond the rows shown."""

    messages: list[Waiting]
    message_count: int
    backorders: list[Order]
    backorder_count: int
    dead: list["DeadLetters"]
    counts: list[CountRequest]
    count_count: int


@dataclass(frozen=True)
class DeadLetters:
    """What one endpoint did not take: how many events, and what went wrong the last time."""

    endpoint_id: int
    name: str
    count: int
    words: str


def exceptions_for(store: Store) -> Exceptions:
    waiting = waiting_messages().exclude(connector=ITEMS_CONNECTOR)
    messages = [
        Waiting(message, reason_in_words(message), message.facts.get("summary", {}).get("number", ""))
        for message in waiting.select_related("owner").order_by("-created_at", "-pk")[:SHOWN_MAX]
    ]
    backorders = backorders_for(store)
    rows = list(backorders.order_by("waiting_since", "pk")[:SHOWN_MAX])
    to_count = open_counts(store)
    counts = list(to_count[:SHOWN_MAX])
    return Exceptions(
        messages=messages,
        message_count=len(messages) if len(messages) < SHOWN_MAX else waiting.count(),
        backorders=rows,
        backorder_count=len(rows) if len(rows) < SHOWN_MAX else backorders.count(),
        dead=dead_letters_for(store),
        counts=counts,
        count_count=len(counts) if len(counts) < SHOWN_MAX else to_count.count(),
    )


def dead_letters_for(store: Store) -> list[DeadLetters]:
    """By endpoint, the latest trouble first. One query, and one for each endpoint in trouble."""
    dead = dead_deliveries(store)
    by_endpoint = dead.values_list("endpoint_id", "endpoint__name").annotate(count=Count("pk"), last=Max("ended_at"))
    letters = []
    for endpoint_id, name, count, _last in by_endpoint.order_by("-last"):
        latest = dead.filter(endpoint_id=endpoint_id).order_by("-ended_at", "-pk").first()
        if latest:
            letters.append(DeadLetters(endpoint_id, name, count, undelivered_in_words(latest)))
    return letters


def backorders_for(store: Store) -> QuerySet[Order]:
    """Orders that wait for stock and are to be collected here, or anywhere; each with what is `missing`."""
    missing = OrderLine.objects.filter(quantity__gt=F("allocated") + F("cancelled")).select_related("item")
    return (
        Order.objects.filter(Q(pickup_store=store) | Q(pickup_store=None), state=Order.State.BACKORDERED)
        .select_related("pickup_store")
        .prefetch_related(Prefetch("lines", missing.order_by("pk"), to_attr="missing"))
    )
