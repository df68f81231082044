"""The one door to a fulfillment."""

from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment


def access_fulfillment(*, store: Store, pk: int) -> Fulfillment:
    """The fulfillment with its order and contact. Raises NotHere when it is another store's or nobody's."""
    found = (
        Fulfillment.objects.select_related("order", "order__contact", "store").filter(pk=pk, store_id=store.pk).first()
    )
    if found is None:
        raise NotHere
    return found
