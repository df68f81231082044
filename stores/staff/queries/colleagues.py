"""Who works in a store, and as what."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from stores.models import Store
from stores.staff.models import MISSES_MAX, Associate, BadgeTries, Membership, Role, Session

# Who was seen on a device of the store so lately is there.
HERE_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An associate on the manager's list; `locked` means too many misses, until a new PIN."""

    pk: int
    name: str
    badge: str
    is_active: bool
    role: Role
    locked: bool


def best_role(associate: Associate, store: Store) -> Role | None:
    """The highest role the associate has in this store, by a membership here or in the whole chain."""
    here = Membership.objects.filter(Q(store=store) | Q(store=None), associate=associate)
    best = here.aggregate(best=Max("role"))["best"]
    return Role(best) if best else None


def associates_of(store: Store) -> QuerySet[Associate]:
    """Everybody who may work in the store, by name; the disabled ones too."""
    here = Membership.objects.filter(Q(store=store) | Q(store=None), associate=OuterRef("pk"))
    return Associate.objects.filter(Exists(here)).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Colleague:
    """`here` is somebody who is signed in on one of the store's devices, or was a moment ago."""

    pk: int
    name: str
    here: bool


def colleagues_of(associate: Associate, store: Store) -> list[Colleague]:
    """Who else could take work over in this store: who is here first, then by name."""
    seen = Session.objects.filter(store=store, associate=OuterRef("pk"), last_seen_at__gte=timezone.now() - HERE_FOR)
    others = associates_of(store).filter(is_active=True).exclude(pk=associate.pk).annotate(here=Exists(seen))
    return [Colleague(*row) for row in others.order_by("-here", "name", "pk").values_list("pk", "name", "here")]


def find_colleague(associate: Associate, store: Store, chosen: str) -> Associate | None:
    """The one whose number was posted, if they could take work over here."""
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 18):
        return None
    return associates_of(store).filter(is_active=True, pk=int(chosen)).exclude(pk=associate.pk).first()


def staff_list(store: Store) -> list[StaffMember]:
    """Everybody who may work in the store, for its manager; one query."""
    here = Q(memberships__store=store) | Q(memberships__store=None)
    locked = BadgeTries.objects.filter(badge=OuterRef("badge"), misses__gte=MISSES_MAX)
    rows = (
        associates_of(store)
        .annotate(best_role=Max("memberships__role", filter=here), locked=Exists(locked))
        .values_list("pk", "name", "badge", "is_active", "best_role", "locked")
    )
    return [
        StaffMember(pk, name, badge, is_active, Role(role), locked) for pk, name, badge, is_active, role, locked in rows
    ]


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
