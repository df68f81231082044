"""Who works in a store, and as what."""

from django.db.models import Max, Q, QuerySet

from stores.models import Store
from stores.staff.models import Associate, Membership, Role


def best_role(associate: Associate, store: Store) -> Role | None:
    """The highest role the associate has in this store, by a membership here or in the whole chain."""
    here = Membership.objects.filter(Q(store=store) | Q(store=None), associate=associate)
    best = here.aggregate(best=Max("role"))["best"]
    return Role(best) if best else None


def associates_of(store: Store) -> QuerySet[Associate]:
    """Everybody who may work in the store, by name, each with `best_role`; the disabled ones too."""
    here = Q(memberships__store=store) | Q(memberships__store=None, memberships__isnull=False)
    return Associate.objects.filter(here).annotate(best_role=Max("memberships__role")).order_by("name", "pk")


def colleagues_of(associate: Associate, store: Store) -> list[Associate]:
    """Who else could take work over in this store, by name."""
    return list(associates_of(store).filter(is_active=True).exclude(pk=associate.pk))


def manages(manager: Associate, associate: Associate) -> bool:
    """Whether the manager's stores cover all of the associate's.

    A new PIN opens every store its owner may enter, so a store manager cannot set the PIN of somebody who also works
    elsewhere, or who manages the chain.
    """
    managed = Membership.objects.filter(associate=manager, role=Role.MANAGER)
    if managed.filter(store=None).exists():
        return True
    theirs = Membership.objects.filter(associate=associate)
    return theirs.exists() and not theirs.exclude(store__in=managed.values("store")).exists()
