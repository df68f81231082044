"""Files of items on their way in: a job, its lines, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stores.catalog.models.governance import System
from stores.catalog.models.items import Item
from stores.jobs import Job


class ItemImport(Job):
    """Some files of one system, read together. Every line of them ends in exactly one of the five counts."""

    name = models.CharField(max_length=200, help_text=_("The files' names."))
    system = models.CharField(max_length=9, choices=System, help_text=_("Whose word the files are."))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    needs_review = models.BooleanField(
        default=False, db_default=False, help_text=_("What it changes in approved items waits for a manager.")
    )
    # Nothing until the files are counted.
    lines_total = models.PositiveIntegerField(null=True, blank=True)
    lines_read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0, help_text=_("Became a new item."))
    changed = models.PositiveIntegerField(default=0, help_text=_("Changed an item, or asked for it."))
    repeated = models.PositiveIntegerField(default=0, help_text=_("Said what was known."))
    refused = models.PositiveIntegerField(default=0, help_text=_("Wait in the exception queue."))
    known_refused = models.PositiveIntegerField(default=0, help_text=_("Were in the exception queue before."))

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "working"]), name="itemimport_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(lines_total=F("added") + F("changed") + F("repeated") + F("refused") + F("known_refused")),
                name="itemimport_counts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """One uploaded file, kept until its lines are judged."""

    item_import = models.ForeignKey(ItemImport, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("item_import", "position", name="importfile_position_unique")]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """One line of a file: what it said, and what became of it."""

    class Outcome(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REPEATED = "repeated", _("Known")
        REFUSED = "refused", _("In the exception queue")
        KNOWN_REFUSED = "known_refused", _("In the exception queue before")

    class Reason(models.TextChoices):
        UNREADABLE = "unreadable", _("Line cannot be read")
        NO_GOODS = "no_goods", _("Not goods")
        BLANK_NAME = "blank_name", _("No description")
        NO_PRICE = "no_price", _("No price")
        CONFLICTING_NAME = "conflicting_name", _("Conflicting descriptions")
        DUPLICATE_CODE = "duplicate_code", _("Duplicate code")
        DUPLICATE_GTIN = "duplicate_gtin", _("Barcode of another item")
        NOT_OWNER = "not_owner", _("Another system owns the field")
        INVALID = "invalid", _("A value is not valid")

    item_import = models.ForeignKey(ItemImport, models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField(help_text=_("Over all files, from 1."))
    file_position = models.PositiveSmallIntegerField()
    file_line = models.PositiveIntegerField(help_text=_("In its file, the heading being line 1."))
    values = models.JSONField()
    folded = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome, blank=True)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("item_import", "number", name="importline_number_unique")]
        indexes = [models.Index(fields=["item_import", "outcome", "reason"], name="importline_outcome")]

    def __str__(self) -> str:
        return f"{self.item_import_id}:{self.number}"


class NonGoodsCode(models.Model):
    """A code that is no item: postage, a discount, a bank's charge. A person has said so, or the house has."""

    source = models.CharField(max_length=100, blank=True, help_text=_("Empty: whoever says it."))
    folded = models.CharField(max_length=100)
    meaning = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "folded", name="nongoodscode_source_folded_unique")]

    def __str__(self) -> str:
        return self.folded
