"""Stores with their zones, bins, opening hours, printers, and the links that let devices in."""

from collections.abc import Iterator
from datetime import time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.demo_chain.chain import Floor, Place
from config.demo_chain.plans import enter_plan
from stores.models import VIRTUAL_KINDS, Bin, BinKind, Device, EnrolmentCode, OpeningHours, Store, Zone
from stores.printing.models import Printer
from stores.staff.tokens import CODE_ALPHABET, CODE_LENGTH, hashed

ENROLMENTS_MAX = 1000
ENROLMENT_DAYS = 3650
# Behind a lock in the backroom: what somebody has still to look at.
CAGE = "CAGE-01"


def build_place(place: Place, *, printer_port: int) -> Store:
    """Adds whatever the store still lacks of its plan, and returns it."""
    store, _is_new = Store.objects.get_or_create(
        code=place.code,
        defaults={
            "name": place.name,
            "format": place.format,
            "address": place.address,
            "phone": place.phone,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "offers_pickup": place.offers_pickup,
            "offers_curbside": place.bays > 0,
            "bays": place.bays,
            "bin_scan_required": place.bin_scan_required,
            "ready_minutes": place.ready_minutes,
            "hold_days": place.hold_days,
        },
    )
    _build_hours(place, store)
    _build_bins(place, store, _build_zones(place, store))
    if place.has_plan:
        enter_plan(place, store)
    _build_printers(place, store, printer_port)
    _plan_devices(place, store)
    EnrolmentCode.objects.get_or_create(
        code_hash=hashed(enrolment_code(place)),
        defaults={
            "store": store,
            "uses_left": ENROLMENTS_MAX,
            "expires_at": timezone.now() + timedelta(days=ENROLMENT_DAYS),
        },
    )
    return store


def enrolment_code(place: Place) -> str:
    """Derived from the secret key: the same in every run, and nobody else's."""
    digest = salted_hmac("storehand.demo.enrolment", place.code, algorithm="sha256").digest()
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:CODE_LENGTH])


def enrolment_link(place: Place) -> str:
    return f"{settings.SITE_URL}/enrol/{enrolment_code(place)}/"


def _build_hours(place: Place, store: Store) -> None:
    if not store.opening_hours.exists():
        OpeningHours.objects.bulk_create(
            OpeningHours(
                store=store, weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
            )
            for weekdays, opens, closes in place.hours
            for weekday in weekdays
        )


def _build_zones(place: Place, store: Store) -> dict[str, Zone]:
    names = {floor.code: floor.name for floor in place.floors}
    names |= {"BACKROOM": "Backroom"} if place.backroom_bays else {}
    names |= {"RECEIVING": "Receiving"}
    names |= {"STAGING": "Staging"} if place.staging_bins else {}
    known = {zone.code: zone for zone in store.zones.all()}
    Zone.objects.bulk_create(
        Zone(store=store, code=code, name=name, walk_order=order)
        for order, (code, name) in enumerate(names.items(), start=1)
        if code not in known
    )
    return {zone.code: zone for zone in store.zones.all()}


def _build_bins(place: Place, store: Store, zones: dict[str, Zone]) -> None:
    known = set(store.bins.values_list("code", flat=True))
    Bin.objects.bulk_create(
        Bin(store=store, zone=zones.get(zone), code=code, kind=kind, walk_order=10 * order)
        for order, (zone, code, kind) in enumerate(_planned_bins(place), start=1)
        if code not in known
    )


def _planned_bins(place: Place) -> Iterator[tuple[str, str, BinKind]]:
    """(zone, code, kind) of every bin, in walking order."""
    for floor in place.floors:
        for code in _walk(floor):
            yield floor.code, code, BinKind.SHELF
    if place.offers_pickup:
        yield place.floors[0].code, "WINDOW-01", BinKind.DISPLAY
    for bay in range(1, place.backroom_bays + 1):
        for shelf in range(1, 4):
            yield "BACKROOM", f"BR-{bay:02}-{shelf}", BinKind.BACKROOM
    if place.backroom_bays:
        yield "BACKROOM", CAGE, BinKind.BACKROOM
    yield "RECEIVING", "RECEIVING-01", BinKind.RECEIVING
    for number in range(1, place.staging_bins + 1):
        yield "STAGING", f"S-{number:02}", BinKind.STAGING
    for number in place.totes:
        yield "", f"TOTE-{number:04}", BinKind.TOTE
    for kind in VIRTUAL_KINDS:
        yield "", kind.upper(), kind


def _walk(floor: Floor) -> Iterator[str]:
    """Up one aisle and down the next, so that nobody walks back empty-handed."""
    for order, aisle in enumerate(floor.aisles):
        bays = range(1, floor.bays + 1)
        for bay in reversed(bays) if order % 2 else bays:
            for shelf in range(1, floor.shelves + 1):
                yield f"{aisle}-{bay:02}-{shelf}"


def _build_printers(place: Place, store: Store, port: int) -> None:
    known = set(store.printers.values_list("name", flat=True))
    Printer.objects.bulk_create(
        Printer(store=store, name=name, host="127.0.0.1", port=port) for name in place.printers if name not in known
    )
    # The demo's printer listens wherever a port was free this time.
    store.printers.filter(name__in=place.printers, host="127.0.0.1").exclude(port=port).update(port=port)


def _plan_devices(place: Place, store: Store) -> None:
    """Names that wait for the device that will bear them: each is let in by the enrolment link."""
    known = set(store.devices.values_list("name", flat=True))
    Device.objects.bulk_create(Device(store=store, name=name) for name in place.devices if name not in known)
