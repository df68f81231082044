"""Everything that is measured, in a database and an environment that `python -m tests.bench` has made."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import django

django.setup()

# The models need the apps.
from django.db import connection  # noqa: E402

from config.local.processes import Ports, Stack, storehand_programs  # noqa: E402
from stores.journal.audit import find_defects  # noqa: E402
from tests.bench.anatomy import NOT_COUNTED, dissect  # noqa: E402
from tests.bench.availability import availability_arms, availability_results, build_questions  # noqa: E402
from tests.bench.browser import Browser  # noqa: E402
from tests.bench.cpu import with_children  # noqa: E402
from tests.bench.crowd import PICKERS, measure_crowd  # noqa: E402
from tests.bench.imports import QUICK as QUICK_IMPORTS  # noqa: E402
from tests.bench.imports import THOROUGH as THOROUGH_IMPORTS  # noqa: E402
from tests.bench.imports import measure_imports  # noqa: E402
from tests.bench.load import Request  # noqa: E402
from tests.bench.methods import QUICK as QUICK_METHODS  # noqa: E402
from tests.bench.methods import THOROUGH as THOROUGH_METHODS  # noqa: E402
from tests.bench.methods import measure_methods  # noqa: E402
from tests.bench.paths import QUICK as QUICK_PATHS  # noqa: E402
from tests.bench.paths import THOROUGH as THOROUGH_PATHS  # noqa: E402
from tests.bench.paths import measure_paths  # noqa: E402
from tests.bench.report import Result, say, say_anatomy, say_arms, say_results  # noqa: E402
from tests.bench.rounds import Arm, Broken, ratio, run_rounds, warm_up  # noqa: E402
from tests.bench.workers import Report, Worker, run_together  # noqa: E402
from tests.bench.world import World, build_world, settle_bare_lines, units_picked  # noqa: E402

CLIENTS = 8


@dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: float  # One slice.
    warm_up_seconds: float
    dissected: int
    crowd_seconds: float


THOROUGH = Effort(rounds=10, seconds=1.5, warm_up_seconds=2, dissected=500, crowd_seconds=20)
# Each slice answers at least one request of each client.
QUICK = Effort(rounds=2, seconds=0.05, warm_up_seconds=0.05, dissected=10, crowd_seconds=0.1)


def main(effort: Effort) -> None:
    state_dir = Path(os.environ["STATE_DIR"])
    world = build_world(PICKERS, bare=CLIENTS)
    with page_server(state_dir) as stack, ExitStack() as workers:
        browsers = sign_in_all(world, stack.ports.pages)
        load = workers.enter_context(Worker("tests.bench.load"))
        bare = [workers.enter_context(Worker("tests.bench.bare")) for _ in range(CLIENTS)]
        bench = Bench(world, browsers, stack.ports.pages, load, bare)
        pages = with_children(stack.child("pages").pid)
        say(f"{server_facts()}; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors before the start")
        say(f"{effort.rounds} rounds of {effort.seconds:g} s slices taking turns; ratios: median over the rounds")
        say("bare: the four statements in psycopg, on the same tables, a process for each client\n")
        alone, together = bench.arms_alone(), bench.arms_together()
        warm_up([*together, *alone], seconds=effort.warm_up_seconds)
        run_rounds(alone, pages=pages, rounds=effort.rounds, seconds=effort.seconds)
        say("One client")
        say_arms(alone)
        run_rounds(together, pages=pages, rounds=effort.rounds, seconds=effort.seconds)
        say("\nEight clients")
        say_arms(together)
        measure_crowd(bench.crowd, seconds=effort.crowd_seconds)
        parts = dissect(bench.spread[0], times=effort.dissected)
        run_rounds(alone[:1], pages=pages, rounds=1, seconds=effort.seconds)
        say(f"\nWhere a scan's time goes (p50 of {effort.dissected}, in one process; over HTTP: measured right after)")
        say_anatomy(parts, over_http_ms=alone[0].slices.pop().p50_ms)
        questions = build_questions(stack.ports.pages)
        query = workers.enter_context(Worker("tests.bench.bare_query"))
        asked = availability_arms(questions, stack.ports.pages, load, query)
        warm_up(asked, seconds=effort.warm_up_seconds)
        run_rounds(asked, pages=pages, rounds=effort.rounds, seconds=effort.seconds)
        say("\nWhat can be promised, one client")
        say_arms(asked)
        imported = measure_imports(QUICK_IMPORTS if effort is QUICK else THOROUGH_IMPORTS)
        walked = measure_paths(QUICK_PATHS if effort is QUICK else THOROUGH_PATHS)
        walked += measure_methods(QUICK_METHODS if effort is QUICK else THOROUGH_METHODS)
        say()
        say_results([*results(alone, together), *availability_results(asked), *imported, *walked])
    check_sums(world, bench, effort.dissected)


class Bench:
    """The arms, and how many scans were answered with a pick."""

    def __init__(self, world: World, browsers: list[Browser], port: int, load: Worker, bare: list[Worker]) -> None:
        self.port, self.load, self.bare, self.lines = port, load, bare, world.bare
        self.everybody = [browser.scan(one.spread) for browser, one in zip(browsers, world.pickers, strict=True)]
        self.spread = self.everybody[:CLIENTS]
        self.hot = [browser.scan(one.hot) for browser, one in zip(browsers[:CLIENTS], world.pickers, strict=False)]
        self.nothing = browsers[0].nothing()
        self.picks = 0

    def arms_alone(self) -> list[Arm]:
        return [
            Arm("scan", self._picks(self.spread[:1])),
            Arm("signed-in page that does nothing", self._requests([self.nothing])),
            Arm("bare transaction", self._bare(1)),
        ]

    def arms_together(self) -> list[Arm]:
        return [
            Arm("scan, spread items", self._picks(self.spread)),
            Arm("scan, one hot item", self._picks(self.hot)),
            Arm("bare transaction", self._bare(CLIENTS)),
        ]

    def crowd(self, seconds: float, every: float) -> list[Report]:
        """All pickers at once, each with a list of its own."""
        task = {"port": self.port, "requests": [asdict(request) for request in self.everybody]}
        reports = run_together([self.load], [task | {"seconds": seconds, "every": every}])
        self.picks += sum(len(report.micros) for report in reports)
        return reports

    def _requests(self, requests: list[Request]) -> Callable[[float], list[Report]]:
        task = {"port": self.port, "requests": [asdict(request) for request in requests]}
        return lambda seconds: run_together([self.load], [task | {"seconds": seconds}])

    def _picks(self, requests: list[Request]) -> Callable[[float], list[Report]]:
        send = self._requests(requests)

        def run(seconds: float) -> list[Report]:
            reports = send(seconds)
            self.picks += sum(len(report.micros) for report in reports)
            return reports

        return run

    def _bare(self, clients: int) -> Callable[[float], list[Report]]:
        tasks = [{"line": asdict(line)} for line in self.lines[:clients]]
        return lambda seconds: run_together(self.bare[:clients], [task | {"seconds": seconds} for task in tasks])


def results(alone: list[Arm], together: list[Arm]) -> list[Result]:
    scan, nothing, bare = ([one.p50_ms for one in arm.slices] for arm in alone)
    spread, hot, bare_rate = ([one.rate for one in arm.slices] for arm in together)
    return [
        Result(1, "scan p50, one client / signed-in page that does nothing", 2.2, True, ratio(scan, nothing)),
        Result(1, "scan p50, one client / bare four-statement transaction", 4, True, ratio(scan, bare)),
        Result(2, "scans per second, 8 clients / the bare transaction's", 0.18, False, ratio(spread, bare_rate)),
        Result(3, "one hot item, 8 clients / spread items", 0.9, False, ratio(hot, spread)),
    ]


@contextmanager
def page_server(state_dir: Path) -> Iterator[Stack]:
    """As production starts it, behind a front server."""
    ports = Ports.free()
    programs = [program for program in storehand_programs(ports, state_dir, threads=1) if program.name == "pages"]
    with Stack(environment={}, state_dir=state_dir, ports=ports, programs=programs) as stack:
        stack.wait_until_ready()
        yield stack


def sign_in_all(world: World, port: int) -> list[Browser]:
    browsers = []
    for number, picker in enumerate(world.pickers, start=1):
        browser = Browser(port)
        browser.enrol(world.enrolment_code, name=f"Bench handheld {number}")
        browser.sign_in(picker.badge)
        browser.begin(picker.spread)
        browser.begin(picker.hot)
        browsers.append(browser)
    return browsers


def server_facts() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return f"PostgreSQL {version}, fsync {fsync}"


def check_sums(world: World, bench: Bench, dissected: int) -> None:
    """Every scan answered with a pick is one unit in a tote, and the audit has nothing to say. Raises Broken."""
    works = [work for picker in world.pickers for work in (picker.spread, picker.hot)]
    expected, found = bench.picks + dissected + NOT_COUNTED, units_picked(works)
    if found != expected:
        raise Broken(f"{expected} scans were answered with a pick, but {found} units lie in the totes.")
    settle_bare_lines(world.bare)
    defects = list(find_defects())
    if defects:
        raise Broken(f"The audit found: {defects[:5]}")
    say(f"\nSums exact: {found} scans answered with a pick, {found} units in the totes; the audit is empty.")


if __name__ == "__main__":
    main(QUICK if "--quick" in sys.argv else THOROUGH)
