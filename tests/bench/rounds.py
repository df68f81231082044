"""Arms that take turns: every round runs each arm for one short slice, and a ratio is taken within its round.

What else the machine does then weighs on all arms alike; absolute times on a shared machine mean nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from tests.bench.cpu import cpu_seconds, database_pids
from tests.bench.workers import Report


class Broken(Exception):
    """An arm did something else than what is to be measured."""


@dataclass
class Slice:
    rate: float  # Requests or transactions a second, all clients together.
    p50_ms: float


@dataclass
class Arm:
    name: str
    run: Callable[[float], list[Report]]
    slices: list[Slice] = field(default_factory=list)
    count: int = 0
    pages_cpu: float = 0.0
    database_cpu: float = 0.0
    client_cpu: float = 0.0

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.slices)

    @property
    def p50_ms(self) -> float:
        return median(one.p50_ms for one in self.slices)

    def each_ms(self, cpu: float) -> float:
        """CPU milliseconds a request."""
        return cpu / self.count * 1000


@dataclass(frozen=True)
class Ratio:
    median: float
    least: float
    most: float


def run_rounds(arms: list[Arm], *, pages: list[int], rounds: int, seconds: float) -> None:
    for number in range(rounds):
        # There and back, so that no arm always follows the same one.
        for arm in arms if number % 2 == 0 else reversed(arms):
            _run_slice(arm, pages, seconds)


def warm_up(arms: list[Arm], *, seconds: float) -> None:
    """Not counted: connections are opened, statements prepared, templates compiled."""
    for arm in arms:
        _checked(arm, arm.run(seconds))


def ratio(of: list[float], to: list[float]) -> Ratio:
    each = [one / other for one, other in zip(of, to, strict=True)]
    return Ratio(median(each), min(each), max(each))


def _run_slice(arm: Arm, pages: list[int], seconds: float) -> None:
    database = database_pids()
    pages_before, database_before = cpu_seconds(pages), cpu_seconds(database)
    reports = _checked(arm, arm.run(seconds))
    arm.pages_cpu += cpu_seconds(pages) - pages_before
    arm.database_cpu += cpu_seconds(database) - database_before
    arm.client_cpu += sum(report.cpu_seconds for report in reports)
    arm.count += sum(len(report.micros) for report in reports)
    arm.slices.append(
        Slice(
            rate=sum(len(report.micros) / report.seconds for report in reports),
            p50_ms=median(micros for report in reports for micros in report.micros) / 1000,
        )
    )


def _checked(arm: Arm, reports: list[Report]) -> list[Report]:
    for report in reports:
        if report.problem:
            raise Broken(f"{arm.name}: an answer was not the one expected:\n{report.problem}")
    return reports
