"""What is to be counted in a store, and what counts have shown."""

from dataclasses import dataclass

from django.db.models import QuerySet

from stores.journal.models import Event
from stores.models import Store
from stores.stock.models import CountRequest


@dataclass(frozen=True)
class CountResult:
    """What the record had before, and what became of the difference, in units."""

    recorded: int
    released: int
    found: int
    written_off: int


def counts_of(store: Store) -> QuerySet[CountRequest]:
    """Open and answered ones, with the bin, the item, who asked and who counted."""
    counts = CountRequest.objects.filter(store=store)
    return counts.select_related("bin__zone", "item", "opened_by", "answered_by")


def open_counts(store: Store) -> QuerySet[CountRequest]:
    """The longest open first, with the bin, the item and who asked."""
    waiting = CountRequest.objects.filter(store=store, state=CountRequest.State.OPEN)
    return waiting.select_related("bin__zone", "item", "opened_by").order_by("opened_at", "pk")


def next_to_count(done: CountRequest) -> CountRequest | None:
    """The next open one on the walk after this one's bin, or else the first on the walk."""
    waiting = list(open_counts(done.store).order_by("bin__zone__walk_order", "bin__walk_order", "bin__code", "pk"))
    stands = (done.bin.zone.walk_order if done.bin.zone else 0, done.bin.walk_order)
    ahead = (one for one in waiting if (one.bin.zone.walk_order if one.bin.zone else 0, one.bin.walk_order) >= stands)
    return next(ahead, waiting[0] if waiting else None)


def result_of(request: CountRequest) -> CountResult | None:
    """What an answered count has changed; None for one that nobody has answered."""
    event = Event.objects.filter(subject=f"countrequest:{request.pk}", kind="stock.counted").first()
    if event is None:
        return None
    told = event.data
    return CountResult(told["recorded"], told["released"], told["found"], told["written_off"])
