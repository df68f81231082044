"""Where else the item can be had."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.distances import distance_in_words
from stores.stock.queries.promisable import PROMISE_JOINS

# Today is each store's own today. `keeps_hours` tells "closed" from "nobody has said when".
_OTHER_STORES_SQL = f"""
SELECT store.*, promise.units AS atp,
       ARRAY(SELECT opens FROM stores_openinghours hours WHERE hours.store_id = store.id
             AND weekday = extract(isodow FROM %(now)s AT TIME ZONE store.time_zone) - 1 ORDER BY opens) AS opens,
       ARRAY(SELECT closes FROM stores_openinghours hours WHERE hours.store_id = store.id
             AND weekday = extract(isodow FROM %(now)s AT TIME ZONE store.time_zone) - 1 ORDER BY opens) AS closes,
       EXISTS (SELECT FROM stores_openinghours hours WHERE hours.store_id = store.id) AS keeps_hours
FROM (SELECT id AS store_id, %(item)s::bigint AS item_id FROM stores_store WHERE id <> %(store)s::bigint) asked
JOIN stores_store store ON store.id = asked.store_id
{PROMISE_JOINS}
WHERE promise.units > 0
"""  # noqa: S608  # Constants put together.


@dataclass(frozen=True)
class OtherStore:
    """`distance` is in the unit of the store that asks. `hours` says in a few words whether it is open now; empty when
    nobody has said when it opens."""

    store: Store
    atp: int
    distance: str
    is_open: bool
    hours: str


def other_stores(*, store: Store, item: Item, limit: int | None = None) -> list[OtherStore]:
    """The other stores that can promise the item or bundle now, the nearest first. One query."""
    now = timezone.now()
    found = Store.objects.raw(_OTHER_STORES_SQL, {"store": store.pk, "item": item.pk, "now": now, "kept_back": 0})
    by_distance = sorted((store.distance_km(one.latitude, one.longitude), one.pk, one) for one in found)
    return [_other_store(one, distance_in_words(km, store), now) for km, _pk, one in by_distance[:limit]]


def _other_store(store: Store, distance: str, now: datetime) -> OtherStore:
    extra = vars(store)  # The columns that the statement adds to the model's.
    is_open, hours = False, ""
    if extra["keeps_hours"]:
        is_open, hours = _hours(list(zip(extra["opens"], extra["closes"], strict=True)), store.local(now).time())
    return OtherStore(store, extra["atp"], distance, is_open, hours)


def _hours(spans: list[tuple[time, time]], clock: time) -> tuple[bool, str]:
    """Whether it is open, and the words for it; `clock` is the store's own."""
    for opens, closes in spans:
        if clock < opens:
            return False, _("Opens {time}").format(time=f"{opens:%H:%M}")
        if clock < closes:
            return True, _("Open until {time}").format(time=f"{closes:%H:%M}")
    return False, _("Closed now") if spans else _("Closed today")
