"""Items, how they are grouped and packed, the barcodes they carry, and what other systems call them."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.Model):
    """What kind of goods it is, such as Kitchen."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Style(models.Model):
    """What differs only in size, color or pack: its items are variants of one another."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One thing that is counted and sold, under its one canonical SKU.

    Every change of a row is written into its history by a trigger, which refuses a change that gives no reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.APPROVED, State.RETIRED},
        State.APPROVED: {State.ACTIVE, State.RETIRED},
        State.ACTIVE: {State.RETIRED},
        # Brought back, it is looked at again before it is sold.
        State.RETIRED: {State.APPROVED},
    }

    class AbcClass(models.TextChoices):
        A = "A", _("A: sells most")
        B = "B", _("B: sells steadily")
        C = "C", _("C: sells rarely")

    sku = models.CharField(_("SKU"), max_length=40, unique=True)
    # With a context of its own: Django has a catalogue too, and its people's "name" is not translated as ours.
    name = models.CharField(pgettext_lazy("item", "name"), max_length=120)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("category")
    )
    style = models.ForeignKey(
        Style, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("style")
    )
    size = models.CharField(_("size"), max_length=20, blank=True, default="", db_default="")
    color = models.CharField(_("color"), max_length=40, blank=True, default="", db_default="")
    pack_count = models.PositiveSmallIntegerField(
        _("pieces in one unit"), default=1, db_default=1, help_text=_("A set of six that is sold as one: 6.")
    )
    abc_class = models.CharField(_("ABC class"), max_length=1, choices=AbcClass, blank=True, default="", db_default="")
    length_mm = models.PositiveIntegerField(_("length (mm)"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width (mm)"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height (mm)"), null=True, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), null=True, blank=True)
    is_age_restricted = models.BooleanField(_("age-restricted"), default=False, db_default=False)
    is_fragile = models.BooleanField(_("fragile"), default=False, db_default=False)
    is_hazardous = models.BooleanField(_("hazardous"), default=False, db_default=False)
    is_serialised = models.BooleanField(_("serialised"), default=False, db_default=False)
    is_weighed = models.BooleanField(_("sold by weight"), default=False, db_default=False)
    is_lot_tracked = models.BooleanField(_("lot number needed"), default=False, db_default=False)
    is_expiry_tracked = models.BooleanField(_("expiry date needed"), default=False, db_default=False)
    is_cold = models.BooleanField(_("kept cold"), default=False, db_default=False)
    # A bundle has components and no stock of its own: foreign keys that name this column hold both.
    is_bundle = models.BooleanField(_("bundle"), default=False, db_default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="item_price_not_negative"),
            models.CheckConstraint(condition=Q(pack_count__gte=1), name="item_pack_count_positive"),
            models.UniqueConstraint(fields=["id", "is_bundle"], name="item_id_is_bundle_unique"),
            models.UniqueConstraint(
                fields=["style", "size", "color", "pack_count"],
                condition=Q(style__isnull=False) & ~Q(state="retired"),
                name="item_variant_unique_in_style",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sellable(self) -> bool:
        """Whether it may be promised to customers now."""
        return self.state == self.State.ACTIVE


class Barcode(models.Model):
    """A GTIN in its 14-digit form. One scan of it counts `pack_quantity` units."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="barcodes")
    gtin = models.CharField(max_length=14, unique=True, validators=[RegexValidator(r"^[0-9]{14}$")])
    pack_quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pack_quantity__gte=1), name="barcode_pack_quantity_positive")]

    def __str__(self) -> str:
        return self.gtin


# The source of aliases that are SKUs of our own: of items that turned out to be another one.
OWN_SOURCE = "storehand"


class Alias(models.Model):
    """What one source system calls an item. Case and surrounding space do not matter: `folded` is compared."""

    source = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = _("aliases")
        constraints = [
            models.UniqueConstraint("source", "folded", name="alias_source_folded_unique"),
            models.CheckConstraint(condition=~Q(folded=""), name="alias_folded_given"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.code}"


class BundleComponent(models.Model):
    """`quantity` units of `component` are in one unit of `bundle`. A bundle is made of items, never of bundles.

    The two constant columns take part in composite foreign keys to (item, is_bundle): the database refuses a component
    that is a bundle, and an item that stops being a bundle while it has components.
    """

    bundle = models.ForeignKey(Item, models.CASCADE, related_name="components")
    component = models.ForeignKey(Item, models.PROTECT, related_name="in_bundles")
    quantity = models.PositiveSmallIntegerField(default=1)
    bundle_is_bundle = models.BooleanField(default=True, db_default=True, editable=False)
    component_is_bundle = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("bundle", "component", name="bundlecomponent_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="bundlecomponent_quantity_positive"),
            models.CheckConstraint(
                condition=Q(bundle_is_bundle=True, component_is_bundle=False), name="bundlecomponent_of_items"
            ),
            models.CheckConstraint(condition=~Q(bundle=F("component")), name="bundlecomponent_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component_id} in {self.bundle_id}"


class Substitute(models.Model):
    """An item that may be given in another one's place, the best (lowest rank) first. It holds one way only."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="substitutes")
    substitute = models.ForeignKey(Item, models.PROTECT, related_name="stands_in_for")
    rank = models.PositiveSmallIntegerField(default=1)
    # A bundle is neither: what would be missing is one of its components.
    item_is_bundle = models.BooleanField(default=False, db_default=False, editable=False)
    substitute_is_bundle = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint("item", "substitute", name="substitute_unique"),
            models.CheckConstraint(condition=~Q(item=F("substitute")), name="substitute_not_itself"),
            models.CheckConstraint(
                condition=Q(item_is_bundle=False, substitute_is_bundle=False), name="substitute_of_items"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.item_id}"


class Picture(models.Model):
    """What an item looks like: one small picture, re-encoded when it came in, kept where everything is kept."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="picture")
    content = models.BinaryField()
    # Of the content: the picture's address never goes stale.
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(db_default=Now())

    MEDIA_TYPE = "image/webp"

    def __str__(self) -> str:
        return self.sha256[:12]


def fold_code(code: str) -> str:
    """The form two spellings of one code share: no outer space, single inner spaces, upper case."""
    return " ".join(code.split()).upper()
