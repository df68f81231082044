"""Twenty pickers at once: how long each of them waits for the answer to a scan."""

from collections.abc import Callable
from statistics import quantiles

from tests.bench.report import say
from tests.bench.rounds import Broken
from tests.bench.workers import Report

PICKERS = 20
# A quick hand: a unit every two seconds, without ever walking.
EVERY_SECONDS = 2.0

Send = Callable[[float, float], list[Report]]


def measure_crowd(send: Send, *, seconds: float) -> None:
    """`send(seconds, every)` lets every picker scan, each `every` seconds; 0 is as fast as answers come."""
    say(f"\n{PICKERS} pickers at once, a list each")
    say(f"{'':34}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}{'rate':>9}")
    say(f"{'':34}{'ms':>9}{'ms':>9}{'ms':>9}{'ms':>9}{'per s':>9}")
    _say("a scan every 2 s each", send(seconds, EVERY_SECONDS))
    _say("each as soon as it is answered", send(seconds, 0))


def _say(name: str, reports: list[Report]) -> None:
    for report in reports:
        if report.problem:
            raise Broken(f"{name}: an answer was not the one expected:\n{report.problem}")
    millis = [micros / 1000 for report in reports for micros in report.micros]
    cuts = quantiles(millis, n=100, method="inclusive")
    rate = sum(len(report.micros) / report.seconds for report in reports)
    say(f"  {name:32}{cuts[49]:9.2f}{cuts[94]:9.2f}{cuts[98]:9.2f}{max(millis):9.2f}{rate:9.0f}")
