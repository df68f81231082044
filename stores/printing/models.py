"""Printers and the print queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.jobs import Job


class Printer(models.Model):
    """A label printer that takes ZPL on a raw TCP port."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="printers")
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=9100)
    # 8 dots per mm is the common 203 dpi head.
    dots_per_mm = models.PositiveSmallIntegerField(default=8)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("store", "name", name="printer_store_name_unique")]

    def __str__(self) -> str:
        return self.name


class PrintJob(Job):
    """One label. Its content never changes; a reprint is a new row that says why."""

    key = models.CharField(max_length=100, unique=True)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="print_jobs")
    printer = models.ForeignKey(Printer, models.PROTECT, related_name="jobs")
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=64, help_text=_("What it labels, such as fulfillment:12."))
    content = models.TextField(help_text=_("ZPL, as sent."))
    reprint_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reprints")
    reprint_reason = models.CharField(max_length=100, blank=True)
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "working"]), name="printjob_open"),
            models.Index(fields=["store", "-created_at"], name="printjob_store_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reprint_of__isnull=True) | ~Q(reprint_reason=""), name="printjob_reprint_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title
