"""Where the bins of a store stand, in metres: aisles of shelves, a backroom behind them, staging at the counter."""

from config.demo_chain.chain import Place
from stores.models import Aisle, Bin, BinKind, Store

AISLE_WIDTH = 3.0
BAY_LENGTH = 1.5
FRONT = 3.0
# The way across behind the shelves, and the backroom's wall behind that.
BACKROOM_BEHIND = 4.0
STAGED_APART = 0.8
COUNTER = (0.0, 0.0)


def enter_plan(place: Place, store: Store) -> None:
    """Once: what a manager has changed since stays."""
    if store.aisles.exists():
        return
    (floor,) = place.floors
    back = FRONT + BAY_LENGTH * (floor.bays + 1)
    aisles = {
        code: Aisle(store=store, code=code, x_m=AISLE_WIDTH * number, from_y_m=FRONT, to_y_m=back)
        for number, code in enumerate(floor.aisles, start=1)
    }
    Aisle.objects.bulk_create(aisles.values())
    placed = list(store.bins.filter(physical=True).exclude(kind=BinKind.TOTE))
    for bin in placed:
        letters, _dash, number = bin.code.partition("-")
        bay = int(number[:2])
        if bin.kind == BinKind.SHELF:
            bin.aisle = aisles[letters]
            bin.x_m, bin.y_m = bin.aisle.x_m, FRONT + BAY_LENGTH * bay
        else:
            bin.x_m, bin.y_m = _beyond_the_shelves(bin.kind, letters, bay, place, back)
    Bin.objects.bulk_update(placed, ["aisle", "x_m", "y_m"])
    store.start_x_m, store.start_y_m = COUNTER
    store.save(update_fields=["start_x_m", "start_y_m"])


def _beyond_the_shelves(kind: str, letters: str, bay: int, place: Place, back: float) -> tuple[float, float]:
    wall = back + BACKROOM_BEHIND
    match kind, letters:
        case BinKind.STAGING, _:
            return 0.0, round(1.0 + STAGED_APART * bay, 2)
        case BinKind.DISPLAY, _:
            return AISLE_WIDTH, 0.0
        case BinKind.RECEIVING, _:
            return 0.0, wall
        case _, "CAGE":
            return AISLE_WIDTH * (place.backroom_bays + 1), wall
        case _:
            return AISLE_WIDTH * bay, wall
