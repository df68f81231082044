"""Any mix of what can be done to stock, in any order, agrees with a paper model and leaves the audit empty."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from stores.stock.actions import count_requests, give_cart, reservations
from stores.stock.models import Condition
from tests.stock.stateful_promises import StockMachine
from tests.stock.stateful_world import SELLABLE, World


def explore(world, **profile):
    class Machine(StockMachine):
        pass

    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False, **profile
        ),
    )


@pytest.fixture
def world(db):
    return World()


def test_any_mix_of_actions_agrees_with_the_paper(world):
    explore(world, max_examples=40, stateful_step_count=25, derandomize=True)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("_turn", range(40))
def test_any_mix_of_actions_agrees_with_the_paper_for_long(world, _turn):
    # Turns, because what examples leave behind in one transaction slows down those that follow.
    explore(world, max_examples=50, stateful_step_count=50)


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (reservations, "_give_back", lambda reservation, quantity: None),
        (give_cart, "give", lambda **claim: None),
        (count_requests, "_locked_balances", lambda bin, item: {SELLABLE: 0, Condition.QUARANTINED: 0}),
    ],
)
@pytest.mark.breaks_the_record
def test_twin_a_house_that_breaks_one_rule_is_caught(world, monkeypatch, module, name, broken):
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(AssertionError):
        explore(world, max_examples=200, stateful_step_count=25, derandomize=True, phases=[Phase.generate])
