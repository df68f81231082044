"""The bench's words."""

import sys
from dataclasses import dataclass

from tests.bench.rounds import Arm, Ratio


@dataclass(frozen=True)
class Result:
    row: int
    what: str
    target: float | None  # None: told, and not judged.
    at_most: bool  # Whether the target is the most, or the least.
    measured: Ratio

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.measured.median <= self.target if self.at_most else self.measured.median >= self.target


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_arms(arms: list[Arm]) -> None:
    say(f"{'':34}{'p50':>9}{'rate':>9}{'CPU ms each:':>16}{'':>18}")
    say(f"{'':34}{'ms':>9}{'per s':>9}{'pages':>9}{'database':>12}{'client':>9}")
    for arm in arms:
        cpu = (arm.pages_cpu, arm.database_cpu, arm.client_cpu)
        pages, database, client = (f"{arm.each_ms(one):.2f}" if one else "–" for one in cpu)
        say(f"  {arm.name:32}{arm.p50_ms:9.2f}{arm.rate:9.0f}{pages:>9}{database:>12}{client:>9}")


def say_anatomy(parts: dict[str, float], *, over_http_ms: float) -> None:
    rest = max(over_http_ms - parts["total"], 0.0)
    for name, spent in (parts | {"page server, sockets": rest, "p50 over HTTP": over_http_ms}).items():
        if spent or name == "total":
            label = "in the application" if name == "total" else name
            say(f"  {label:56}{spent:8.3f} ms{spent / over_http_ms:8.0%}")


def say_results(results: list[Result]) -> None:
    say(f"{'#':>2}  {'what':58}{'target':>9}{'measured':>11}{'least–most':>15}")
    for one in results:
        target = "–" if one.target is None else f"{'≤' if one.at_most else '≥'} {one.target:g} ×"
        spread = f"{one.measured.least:.2f}–{one.measured.most:.2f}"
        verdict = "" if one.target is None else "met" if one.is_met else "NOT met"
        say(f"{one.row:>2}  {one.what:58}{target:>9}{one.measured.median:>9.2f} ×{spread:>15}   {verdict}")
