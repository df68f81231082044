"""What the chain looks like: four stores of different formats and a distribution center.

Street numbers are invented, telephone numbers are from the ranges Ofcom keeps for fiction.
"""

from dataclasses import dataclass

from stores.models import Store

EVERY_DAY = range(7)
WEEKDAYS = range(5)
SATURDAY, SUNDAY = range(5, 6), range(6, 7)


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A walk through aisles of shelf bins: `A-03-2` is aisle A, bay 3, shelf 2 from the floor."""

    code: str
    name: str
    aisles: str
    bays: int = 4
    shelves: int = 3


@dataclass(frozen=True, kw_only=True)
class Place:
    code: str
    name: str
    format: Store.Format
    address: str
    phone: str
    latitude: float
    longitude: float
    hours: tuple[tuple[range, str, str], ...]
    floors: tuple[Floor, ...]
    backroom_bays: int
    staging_bins: int = 0
    totes: range = range(0)
    printers: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("Handheld 1", "Handheld 2", "Counter tablet", "Office laptop")
    bays: int = 0
    bin_scan_required: bool = True
    ready_minutes: int = 120
    hold_days: int = 7
    # Of 12 items, how many the store carries; and how deep it is stocked compared with a high street.
    assortment: int = 12
    depth: int = 2
    # Whether somebody has entered where its bins stand.
    has_plan: bool = False

    @property
    def offers_pickup(self) -> bool:
        return self.staging_bins > 0


CAMDEN = Place(
    code="CAMDEN",
    name="Camden London",
    format=Store.Format.FLAGSHIP,
    address="1482 Camden High Street, London NW1",
    phone="020 7946 0134",
    latitude=51.5392,
    longitude=-0.1426,
    # A large shop in England may open for six hours on a Sunday.
    hours=((range(6), "09:00", "20:00"), (SUNDAY, "11:00", "17:00")),
    floors=(
        Floor(code="GROUND", name="Ground floor", aisles="ABCD"),
        Floor(code="FIRST", name="First floor", aisles="EFGH"),
    ),
    backroom_bays=4,
    staging_bins=12,
    totes=range(1, 31),
    printers=("Counter", "Backroom"),
    devices=("Handheld 1", "Handheld 2", "Handheld 3", "Handheld 4", "Counter tablet", "Office laptop"),
    depth=3,
)
LEEDS = Place(
    code="LEEDS",
    name="Leeds Briggate",
    format=Store.Format.HIGH_STREET,
    address="917 Briggate, Leeds LS1",
    phone="0113 496 0271",
    latitude=53.7971,
    longitude=-1.5420,
    hours=((range(6), "09:00", "18:00"), (SUNDAY, "11:00", "17:00")),
    floors=(Floor(code="FLOOR", name="Sales floor", aisles="ABCDE"),),
    backroom_bays=3,
    staging_bins=8,
    totes=range(101, 121),
    printers=("Counter",),
    bin_scan_required=False,
    assortment=9,
    has_plan=True,
)
YORK = Place(
    code="YORK",
    name="York Monks Cross",
    format=Store.Format.RETAIL_PARK,
    address="Unit 86, Monks Cross Retail Park, York YO32",
    phone="01632 960518",
    latitude=53.9905,
    longitude=-1.0462,
    hours=((WEEKDAYS, "09:00", "20:00"), (SATURDAY, "09:00", "19:00"), (SUNDAY, "10:30", "16:30")),
    floors=(Floor(code="FLOOR", name="Sales floor", aisles="ABCDEF"),),
    backroom_bays=4,
    staging_bins=10,
    totes=range(201, 221),
    printers=("Counter", "Curbside door"),
    bays=6,
    ready_minutes=90,
    assortment=10,
    has_plan=True,
)
BRISTOL = Place(
    code="BRISTOL",
    name="Bristol Harbourside",
    format=Store.Format.EXPRESS,
    address="304 Canon's Road, Bristol BS1",
    phone="0117 496 0385",
    latitude=51.4497,
    longitude=-2.5994,
    hours=((EVERY_DAY, "07:00", "23:00"),),
    floors=(Floor(code="FLOOR", name="Sales floor", aisles="ABC"),),
    backroom_bays=2,
    staging_bins=4,
    totes=range(301, 311),
    printers=("Counter",),
    bin_scan_required=False,
    ready_minutes=60,
    hold_days=3,
    assortment=3,
    depth=1,
)
DAVENTRY = Place(
    code="DAVENTRY",
    name="Daventry distribution center",
    format=Store.Format.DISTRIBUTION_CENTER,
    address="2750 Danes Way, Daventry NN6",
    phone="01632 960742",
    latitude=52.3541,
    longitude=-1.1702,
    hours=((range(6), "06:00", "22:00"),),
    floors=(Floor(code="RACKS", name="Racks", aisles="ABCDEFGH"),),
    backroom_bays=0,
    printers=("Dispatch",),
    devices=("Handheld 1", "Office laptop"),
    ready_minutes=240,
    depth=20,
)
PLACES = (CAMDEN, LEEDS, YORK, BRISTOL, DAVENTRY)
