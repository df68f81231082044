"""The doors to what pickup works on: each answers NotHere for what is another store's or nobody's."""

from django.db.models import QuerySet

from picking.models import PickTote
from pickup.models import StagedTote
from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment


def access_tote(*, store: Store, pk: int) -> PickTote:
    """A tote of this store's lists, staged or not, with its order."""
    found = PickTote.objects.select_related("tote", "part__fulfillment__order").filter(pk=pk, part__store=store).first()
    if found is None:
        raise NotHere
    return found


def lock_fulfillment(*, store: Store, pk: int) -> Fulfillment:
    """Holds the fulfillment's row until the transaction ends. Whoever also needs its order locks that before."""
    # The lock comes first and alone: rows joined in the locking statement could be older than the lock.
    locked = Fulfillment.objects.select_for_update(no_key=True).filter(pk=pk, store=store)
    if not locked.values_list("pk", flat=True).first():
        raise NotHere
    return Fulfillment.objects.select_related("order__contact", "store").get(pk=pk)


def bags_lying(fulfillment: Fulfillment) -> QuerySet[StagedTote]:
    """The bags that are in staging bins now, in walking order."""
    return (
        fulfillment.staged_totes.filter(left_at=None)
        .select_related("bin__zone", "tote")
        .order_by("bin__zone__walk_order", "bin__walk_order", "bag")
    )
