"""The plan as a drawing: metres become units of a picture, with y growing upwards as on any plan."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from picking.queries.floor import FloorPlan
from stores.models import Bin, BinKind

# Units of the picture a metre takes: as large as fits a laptop, as small as a finger's breadth allows.
WIDTH_MAX = 1100
SCALE_MAX = 26.0
SCALE_MIN = 2.0
MARGIN = 34
# Half of an aisle's width, and of a bin's mark, in units.
LANE = 9
# A bin's name beside its mark: how wide a letter is, how high the line, and how far from the mark's middle it begins.
LETTER, LINE, BESIDE = 6.2, 12.0, 9.0
Box = tuple[float, float, float, float]  # The middle's x and y, width and height.


@dataclass(frozen=True, slots=True)
class DrawnAisle:
    code: str
    x: float
    y: float
    length: float
    label_y: float

    @property
    def left(self) -> float:
        return self.x - LANE


@dataclass(frozen=True, slots=True)
class DrawnSpot:
    """All bins one above the other."""

    x: float
    y: float
    kind: str
    bins: list[Bin] = field(default_factory=list)

    @property
    def codes(self) -> str:
        return ", ".join(bin.code for bin in self.bins)

    @property
    def name(self) -> str:
        """What their names have in common; it is said in full where somebody points at the mark."""
        columns = zip(*(bin.code.split("-") for bin in self.bins), strict=False)
        return "-".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))

    @property
    def is_staging(self) -> bool:
        return self.kind == BinKind.STAGING


@dataclass(frozen=True, slots=True)
class DrawnLabel:
    text: str
    x: float
    y: float

    @property
    def width(self) -> float:
        return len(self.text) * LETTER

    def touches(self, x: float, y: float, width: float, height: float) -> bool:
        """The box whose middle is (x, y)."""
        apart = abs(self.x + self.width / 2 - x), abs(self.y - LINE / 3 - y)
        return apart[0] < (self.width + width) / 2 and apart[1] < (LINE + height) / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    lane: float
    aisles: Sequence[DrawnAisle]
    spots: Sequence[DrawnSpot]
    labels: Sequence[DrawnLabel]
    start: tuple[float, float] | None
    marked: tuple[float, float] | None


def draw(plan: FloorPlan, *, marked: Bin | None = None) -> Drawing | None:
    """None when there is nothing to draw. `marked` is the bin to show among the others."""
    xs = [aisle.x_m for aisle in plan.aisles]
    ys = [y for aisle in plan.aisles for y in (aisle.from_y_m, aisle.to_y_m)]
    corners = [(bin.x_m, bin.y_m) for bin in plan.bins] + [(plan.store.start_x_m, plan.store.start_y_m)]
    for x, y in corners:
        if x is not None and y is not None:
            xs.append(x)
            ys.append(y)
    if not xs:
        return None
    left, bottom, top = min(xs), min(ys), max(ys)
    scale = max(SCALE_MIN, min(SCALE_MAX, WIDTH_MAX / max(max(xs) - left, top - bottom, 1.0)))

    def at(x_m: float | None, y_m: float | None) -> tuple[float, float] | None:
        if x_m is None or y_m is None:
            return None
        return round(MARGIN + (x_m - left) * scale, 1), round(MARGIN + (top - y_m) * scale, 1)

    aisles = []
    for aisle in plan.aisles:
        x, y = at(aisle.x_m, aisle.to_y_m) or (0.0, 0.0)
        length = round((aisle.to_y_m - aisle.from_y_m) * scale, 1)
        aisles.append(DrawnAisle(aisle.code, x, y, length, round(y - 8, 1)))
    spots: dict[tuple[float, float], DrawnSpot] = {}
    for bin in plan.bins:
        place = at(bin.x_m, bin.y_m)
        if place:
            spots.setdefault(place, DrawnSpot(*place, bin.kind)).bins.append(bin)
    labels = _labels(list(spots.values()))
    edges = [label.x + label.width + LETTER for label in labels]
    return Drawing(
        width=round(max([2 * MARGIN + (max(xs) - left) * scale, *edges]), 1),
        height=round(2 * MARGIN + (top - bottom) * scale, 1),
        lane=2 * LANE,
        aisles=aisles,
        spots=list(spots.values()),
        labels=labels,
        start=at(plan.store.start_x_m, plan.store.start_y_m),
        marked=at(marked.x_m, marked.y_m) if marked else None,
    )


def _labels(spots: Sequence[DrawnSpot]) -> list[DrawnLabel]:
    """Names beside those marks that leave room for them, so that none covers another one or a mark."""
    labels: list[DrawnLabel] = []
    # By lines of the picture: what is further away than one cannot touch, and a large store has hundreds of marks.
    lines: dict[int, list[Box]] = defaultdict(list)
    marks = [(spot.x, spot.y, LINE, LINE) for spot in spots]
    for mark in marks:
        lines[int(mark[1] // LINE)].append(mark)
    for spot, mark in zip(spots, marks, strict=True):
        label = DrawnLabel(spot.name, round(spot.x + BESIDE, 1), round(spot.y + LINE / 3, 1))
        line = int(spot.y // LINE)
        near = [box for at in (line - 1, line, line + 1) for box in lines[at] if box is not mark]
        if label.text and not any(label.touches(*box) for box in near):
            labels.append(label)
            lines[line].append((label.x + label.width / 2, spot.y, label.width, LINE))
    return labels
