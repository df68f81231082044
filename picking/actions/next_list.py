"""The next piece of work, without choosing."""

from picking.actions.claims import claim_list
from picking.errors import ListEnded, ListTaken, NoListFree
from picking.models import PickList
from picking.queries.work import open_lists
from stores.models import Device, Store
from stores.orders.errors import NotHere
from stores.staff.models import Associate


def claim_next_list(*, store: Store, associate: Associate, device: Device | None) -> PickList:
    """Gives the associate what they have begun, else the most urgent list that nobody has. Raises NoListFree."""
    lists = open_lists(store)
    mine = [one for one in lists if one.holder_id == associate.pk]
    free = [one for one in lists if one.holder_id is None]
    for one in (*mine, *free):
        try:
            return claim_list(store=store, pk=one.pk, associate=associate, device=device)
        except (ListTaken, ListEnded, NotHere):
            # Somebody was faster; the next one is as good.
            continue
    raise NoListFree
