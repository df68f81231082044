"""One store of the demo picks in waves; what waits there is for a lead to release."""

from config.demo_chain.chain import YORK
from config.demo_chain.goods import LANTERN
from config.demo_chain.shop import SampleOrder
from picking.actions.set_plan import PlanTerms, set_plan
from picking.models import PickPlan
from stores.models import Store
from stores.orders.actions.place_order import ContactData
from stores.staff.models import Associate, Role

# Late enough before a promise that somebody finds the orders still waiting, and more than wait at first.
TERMS = PlanTerms(
    at_once=False,
    every_minutes=None,
    at_orders=12,
    before_promise_minutes=30,
    method="",
    wave_orders_max=24,
    batch_orders_max=6,
    claim_minutes=15,
    break_minutes=45,
    when_gone=PickPlan.WhenGone.CANCEL,
)
# Lies in the backroom alone.
REGENCY_CUP, CUTLERY, POT = "22699", "22918", "22121"

# Six small orders, most of them with something from the shelves and something from the backroom, and shared bins.
WAITING = tuple(
    SampleOrder(
        number=f"#09{number}",
        place=YORK,
        customer=ContactData(name=name, email=f"{name.split()[0].lower()}@example.com"),
        lines=lines,
        age=age,
        left=left,
    )
    for number, name, lines, age, left in (
        (81, "Ada Whitby", {"22469": 1, REGENCY_CUP: 2}, 44, 70),
        (82, "Ben Cawood", {LANTERN: 2, CUTLERY: 1}, 39, 75),
        (83, "Cleo Marsh", {LANTERN: 1, REGENCY_CUP: 1, "22910": 1}, 31, 80),
        (84, "Dev Anand", {"22469": 1, "22114": 1}, 22, 95),
        (85, "Erin Foss", {"22910": 2, POT: 1}, 15, 100),
        (86, "Finn Garth", {"22114": 1, CUTLERY: 1, POT: 1}, 9, 110),
    )
)


def plan_waves(stores: dict[str, Store]) -> None:
    """Enters the plan as the store's manager would, once: what somebody has changed since stays."""
    store = stores[YORK.code]
    if not PickPlan.objects.filter(store=store).exists():
        manager = Associate.objects.filter(memberships__store=store, memberships__role=Role.MANAGER).first()
        if manager is not None:
            set_plan(store=store, terms=TERMS, associate=manager, device=None)
