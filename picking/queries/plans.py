"""How a store picks."""

from picking.models import PickPlan
from stores.models import Store


def plan_of(store: Store) -> PickPlan:
    """The store's plan, or an unsaved one with the defaults."""
    return PickPlan.objects.filter(store=store).first() or PickPlan(store=store)
