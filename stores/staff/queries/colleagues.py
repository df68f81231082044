"""Who else works here."""

from django.db.models import Q

from stores.models import Store
from stores.staff.models import Associate


def colleagues_of(associate: Associate, store: Store) -> list[Associate]:
    """Active associates with a role in the store, or in all stores, without the one who asks; by name."""
    here = Q(memberships__store=store) | Q(memberships__store=None)
    return list(Associate.objects.filter(here, is_active=True).exclude(pk=associate.pk).distinct())
