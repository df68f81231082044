"""Which tests stay together on one worker, and which begin: what takes longest must not begin last.

The mark `xdist_group` does nothing here: since pytest 9.2 a worker cannot tell it to whoever hands out the tests.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# One house is opened for all that walk through it, so one worker has them all.
HOUSE = "tests/flow/"
# Each worker that has one of these starts a browser and a server of its own, and keeps them to the last of its file.
BROWSERS = "tests/ui/"
EARLY = (HOUSE, BROWSERS, "tests/bench/")


class Turns(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(HOUSE):
            return HOUSE
        return nodeid.partition("::")[0] if nodeid.startswith(BROWSERS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Turns:
    # In the order of collection, not by how many tests a file has.
    config.option.loadscopereorder = False
    return Turns(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order in every worker, or they cannot share the tests; otherwise as pytest-django has sorted them."""
    items.sort(key=lambda item: next((place for place, path in enumerate(EARLY) if item.nodeid.startswith(path)), 9))
