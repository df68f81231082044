"""The item master: what is sold, the barcodes it carries, and what other systems call it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Item(models.Model):
    """One thing that is counted and sold, under its one canonical SKU."""

    sku = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, default="GBP")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="item_price_not_negative")]

    def __str__(self) -> str:
        return self.name


class Barcode(models.Model):
    """A GTIN in its 14-digit form. One scan of it counts `pack_quantity` units."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="barcodes")
    gtin = models.CharField(max_length=14, unique=True, validators=[RegexValidator(r"^[0-9]{14}$")])
    pack_quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pack_quantity__gte=1), name="barcode_pack_quantity_positive")]

    def __str__(self) -> str:
        return self.gtin


class Alias(models.Model):
    """What one source system calls an item. Case and surrounding space do not matter."""

    source = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint("source", "folded", name="alias_source_folded_unique")]

    def __str__(self) -> str:
        return f"{self.source}:{self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded = fold_code(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Passed through unread.


def fold_code(code: str) -> str:
    """The form two spellings of one code share: no outer space, single inner spaces, upper case."""
    return " ".join(code.split()).upper()
