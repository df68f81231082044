"""How far an import is, and what became of its lines."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from stores.catalog.hooks import count_waiting
from stores.catalog.models import ImportLine, ItemImport
from stores.jobs import Job

SAMPLES_MAX = 5
LISTED_MAX = 50

Outcome = ImportLine.Outcome


@dataclass(frozen=True)
class Sample:
    file: str
    line: int
    text: str


@dataclass(frozen=True)
class BadLines:
    """Lines with one reason: how many, how many of them were new in the exception queue, and the first few.

    `waiting` of them have not been settled; `waiting_in_all` wait with this reason, whichever import brought them.
    """

    reason: str
    label: str
    count: int
    new: int
    waiting: int
    waiting_in_all: int
    samples: list[Sample]


@dataclass(frozen=True)
class Progress:
    """`phase` is waiting, reading, judging, applying, done or stopped; `percent` of the lines in the phase."""

    item_import: ItemImport
    phase: str
    percent: int
    bad: list[BadLines]
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        return self.phase in ("done", "stopped")

    @property
    def judged(self) -> int:
        one = self.item_import
        return one.added + one.changed + one.repeated + one.refused + one.known_refused


def latest_imports() -> QuerySet[ItemImport]:
    return ItemImport.objects.select_related("uploaded_by").order_by("-pk")[:LISTED_MAX]


def progress_of(item_import: ItemImport) -> Progress:
    """Two queries while it runs, four and one for each reason when it is done."""
    one, phase, percent = item_import, "waiting", 0
    judged = one.added + one.changed + one.repeated + one.refused + one.known_refused
    if one.state == Job.State.DONE:
        phase, percent = "done", 100
    elif one.state == Job.State.FAILED:
        phase = "stopped"
    elif judged:
        phase, percent = "applying", _percent(judged, one.lines_total)
    elif one.lines_read and one.lines_read == one.lines_total:
        phase, percent = "judging", 100
    elif one.state == Job.State.WORKING or one.lines_read:
        phase, percent = "reading", _percent(one.lines_read, one.lines_total)
    trouble = trouble_in_words(one.last_error) if phase == "stopped" else ""
    return Progress(one, phase, percent, bad_lines(one) if phase == "done" else [], trouble)


def bad_lines(item_import: ItemImport) -> list[BadLines]:
    """By reason, the most frequent first."""
    counted = (
        item_import.lines.filter(outcome__in=[Outcome.REFUSED, Outcome.KNOWN_REFUSED])
        .values_list("reason", "outcome")
        .annotate(count=Count("pk"))
    )
    by_reason: dict[str, dict[str, int]] = {}
    for reason, outcome, count in counted:
        by_reason.setdefault(reason, {})[outcome] = count
    if not by_reason:
        return []
    waiting = count_waiting(item_import.system, item_import.pk)
    files = dict(item_import.files.values_list("position", "name"))
    found = [
        BadLines(
            reason=reason,
            label=str(ImportLine.Reason(reason).label),
            count=sum(counts.values()),
            new=counts.get(Outcome.REFUSED, 0),
            waiting=waiting.get(reason, (0, 0))[0],
            waiting_in_all=waiting.get(reason, (0, 0))[1],
            samples=_samples(item_import, reason, files),
        )
        for reason, counts in by_reason.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.reason))


def trouble_in_words(word: str) -> str:
    """Why a file, or a whole import, came to nothing."""
    words = {
        "empty": _("There is nothing in it."),
        "old": _("It is a workbook of the old kind (XLS): save it as XLSX or CSV."),
        "damaged": _("The workbook is damaged: save it again as XLSX or CSV."),
        "too_large": _("Unpacked it is far too large."),
        "too_many": _("It has too many lines: cut it in two."),
        "heading": _(
            "Its first line must name the columns, such as StockCode, Description, UnitPrice or sku, name, price."
        ),
        "no_table": _("It is no table: bring a spreadsheet (XLSX) or a text with columns (CSV)."),
    }
    return words.get(word) or _("Something broke. Nothing was taken in half; try again, and tell us if it stays so.")


def _samples(item_import: ItemImport, reason: str, files: dict[int, str]) -> list[Sample]:
    lines = item_import.lines.filter(outcome__in=[Outcome.REFUSED, Outcome.KNOWN_REFUSED], reason=reason)
    return [
        Sample(files.get(line.file_position, ""), line.file_line, line_in_words(line.values))
        for line in lines.order_by("number")[:SAMPLES_MAX]
    ]


def line_in_words(values: dict[str, object]) -> str:
    """What the line said, on one line of a screen."""
    cells = values.get("cells")
    said = cells if isinstance(cells, list) else [values.get(name) for name in ("code", "sku", "name", "price", "gtin")]
    fields = values.get("fields")
    if isinstance(fields, dict):
        said += [fields.get("name"), fields.get("price")]
    return " · ".join(str(one) for one in said if one)[:200]


def _percent(part: int, whole: int | None) -> int:
    return min(part * 100 // whole, 99) if whole else 0
