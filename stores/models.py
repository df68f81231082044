"""Places: stores, their zones and bins, when they are open, and the devices carried in them."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius.

code_validator = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{0,23}$", _("Capital letters, digits and dashes."))


class Store(models.Model):
    """A building that holds stock: a shop, or a distribution center."""

    class Format(models.TextChoices):
        FLAGSHIP = "flagship", _("Flagship")
        HIGH_STREET = "high_street", _("High street")
        RETAIL_PARK = "retail_park", _("Retail park")
        EXPRESS = "express", _("Express")
        DISTRIBUTION_CENTER = "distribution_center", _("Distribution center")

    code = models.CharField(max_length=24, unique=True, validators=[code_validator])
    name = models.CharField(max_length=80)
    format = models.CharField(max_length=24, choices=Format)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    currency = models.CharField(max_length=3, default="GBP")
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=32, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    offers_pickup = models.BooleanField(default=True)
    offers_curbside = models.BooleanField(default=False)
    bays = models.PositiveSmallIntegerField(default=0, help_text=_("Numbered curbside bays."))
    bin_scan_required = models.BooleanField(default=True)
    ready_minutes = models.PositiveIntegerField(default=120, help_text=_("Promised time from order to ready."))
    hold_days = models.PositiveSmallIntegerField(default=7, help_text=_("How long a ready order waits."))
    # Where walks begin and end, in metres on the store's plan: the packing table, or the counter.
    start_x_m = models.FloatField(_("start x (m)"), null=True, blank=True)
    start_y_m = models.FloatField(_("start y (m)"), null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def local(self, moment: datetime) -> datetime:
        """The same moment on the store's own clock."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def distance_km(self, latitude: float, longitude: float) -> float:
        """Great-circle distance in kilometres (haversine)."""
        north, south = math.radians(self.latitude), math.radians(latitude)
        half_chord = (
            math.sin((south - north) / 2) ** 2
            + math.cos(north) * math.cos(south) * math.sin(math.radians(longitude - self.longitude) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_chord))


class StoreAlias(models.Model):
    """What another system calls this store, such as a shop's location id."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="aliases")
    source = models.CharField(max_length=100)
    code = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint("source", "code", name="storealias_source_code_unique")]

    def __str__(self) -> str:
        return f"{self.source}:{self.code}"


class OpeningHours(models.Model):
    """One span a store is open on a weekday (Monday is 0), on the store's own clock."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name_plural = "opening hours"
        constraints = [
            models.UniqueConstraint("store", "weekday", "opens", name="openinghours_span_unique"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="openinghours_weekday_valid"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="openinghours_closes_after_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Zone(models.Model):
    store = models.ForeignKey(Store, models.CASCADE, related_name="zones")
    code = models.CharField(max_length=24, validators=[code_validator])
    name = models.CharField(max_length=60)
    walk_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["walk_order"]
        constraints = [models.UniqueConstraint("store", "code", name="zone_store_code_unique")]

    def __str__(self) -> str:
        return self.name


class Aisle(models.Model):
    """A straight way between shelves, along y at one x. Whoever is in it leaves it at one of its two ends.

    Metres on the store's own plan: x across the aisles, y along them.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="aisles")
    code = models.CharField(max_length=24, validators=[code_validator])
    x_m = models.FloatField(_("x (m)"))
    from_y_m = models.FloatField(_("from y (m)"))
    to_y_m = models.FloatField(_("to y (m)"))

    class Meta:
        ordering = ["x_m", "code"]
        constraints = [
            models.UniqueConstraint("store", "code", name="aisle_store_code_unique"),
            models.CheckConstraint(condition=Q(to_y_m__gt=F("from_y_m")), name="aisle_has_a_length"),
            # What the bin's composite foreign key points at.
            models.UniqueConstraint(fields=["id", "store"], name="aisle_id_store_unique"),
        ]

    def __str__(self) -> str:
        return self.code


class BinKind(models.TextChoices):
    SHELF = "shelf", _("Shelf")
    BACKROOM = "backroom", _("Backroom")
    DISPLAY = "display", _("Display")
    RECEIVING = "receiving", _("Receiving")
    STAGING = "staging", _("Staging")
    TOTE = "tote", _("Tote")
    SUPPLIER = "supplier", _("Supplier")
    CUSTOMER = "customer", _("Customer")
    TRANSIT = "transit", _("Transit")
    VARIANCE = "variance", _("Variance")

    @property
    def noun(self) -> str:
        """What a sentence calls one of them, with its article."""
        return str(_NOUNS.get(self.value) or _("a bin for {kind}").format(kind=str(self.label).lower()))


_NOUNS = {
    "shelf": _("a shelf"),
    "backroom": _("a bin of the backroom"),
    "staging": _("a staging bin"),
    "tote": _("a tote"),
}


# The world outside the building's walls.
VIRTUAL_KINDS = (BinKind.SUPPLIER, BinKind.CUSTOMER, BinKind.TRANSIT, BinKind.VARIANCE)
# Where a picker may be sent: wherever sellable units count as available. What is staged or in a tote has its order.
# Where goods belong: what comes back goes there, whichever of them it came from.
SHELVES = (BinKind.SHELF, BinKind.BACKROOM)
PICKABLE_KINDS = (BinKind.SHELF, BinKind.BACKROOM, BinKind.RECEIVING, BinKind.DISPLAY)


class Bin(models.Model):
    """A place that can hold stock. Virtual bins stand for the world outside: they may go below zero."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="bins")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="bins", null=True, blank=True)
    code = models.CharField(max_length=24, validators=[code_validator])
    kind = models.CharField(max_length=12, choices=BinKind)
    physical = models.GeneratedField(
        expression=~Q(kind__in=VIRTUAL_KINDS),  # type: ignore[arg-type]  # The stubs forget Q.
        output_field=models.BooleanField(),
        db_persist=True,
    )
    walk_order = models.PositiveIntegerField(default=0)
    # Where a picker stands to reach it, in metres on the store's plan. In an aisle x is the aisle's own.
    aisle = models.ForeignKey(Aisle, models.PROTECT, related_name="bins", null=True, blank=True)
    x_m = models.FloatField(_("x (m)"), null=True, blank=True)
    y_m = models.FloatField(_("y (m)"), null=True, blank=True)

    class Meta:
        ordering = ["walk_order", "code"]
        constraints = [
            models.UniqueConstraint("store", "code", name="bin_store_code_unique"),
            # What composite foreign keys of balances and lines point at.
            models.UniqueConstraint(fields=["id", "store", "physical"], name="bin_id_store_physical_unique"),
            models.UniqueConstraint(fields=["id", "store"], name="bin_id_store_unique"),
            models.UniqueConstraint(
                fields=["store", "kind"],
                condition=Q(kind__in=VIRTUAL_KINDS),
                name="bin_one_virtual_of_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(x_m__isnull=True, y_m__isnull=True, aisle__isnull=True)
                | Q(x_m__isnull=False, y_m__isnull=False),
                name="bin_has_both_coordinates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Device(models.Model):
    """A handheld, tablet or laptop that a manager has let in. Its token is kept only as a hash."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="devices")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  # Unique, and none until enrolled.
    enrolled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("store", "name", name="device_store_name_unique")]

    def __str__(self) -> str:
        return self.name


class EnrolmentCode(models.Model):
    """Lets a new device in: a code kept as a hash, for one store, for a time, for a number of devices."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="enrolment_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    uses_left = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.store_id} until {timezone.localtime(self.expires_at):%Y-%m-%d %H:%M}"
