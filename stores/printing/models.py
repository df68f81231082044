"""Printers and the print queue."""

from typing import ClassVar

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
        constraints = [
            models.UniqueConstraint("store", "name", name="printer_store_name_unique"),
            # What the labels' composite foreign key points at.
            models.UniqueConstraint(fields=["id", "store"], name="printer_id_store_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class PrintJob(Job):
    """One label. Its content never changes; a reprint is a new row that says why."""

    # No way back to the queue from DONE or UNKNOWN: nothing that may lie in the tray is ever sent again by itself.
    NEXT: ClassVar[dict[str, set[str]]] = {
        Job.State.QUEUED: {Job.State.WORKING},
        Job.State.WORKING: {Job.State.QUEUED, Job.State.DONE, Job.State.UNKNOWN, Job.State.FAILED},
        Job.State.UNKNOWN: {Job.State.DONE, Job.State.FAILED},
        Job.State.FAILED: {Job.State.QUEUED},
    }

    class Trouble(models.TextChoices):
        """What stands in `last_error`."""

        OFF = "off", _("The printer does not answer. Is it on, and on the network?")
        BUSY = "busy", _("The printer closed the connection: it may be printing for somebody else.")
        CUT = "cut", _("The connection broke while the label was being sent.")
        SILENT = "silent", _("The printer took the label but did not say that it is through.")
        LOST = "lost", _("The sender stopped while the label was on its way.")
        NOT_IN_USE = "not_in_use", _("This printer is no longer in use.")
        DID_NOT_PRINT = "did_not_print", _("It did not print.")

    class Reason(models.TextChoices):
        """What stands in `reprint_reason`."""

        DID_NOT_PRINT = "did_not_print", _("It did not print")
        DAMAGED = "damaged", _("Damaged")
        UNREADABLE = "unreadable", _("Badly printed")
        LOST = "lost", _("Lost")

    key = models.CharField(max_length=100, unique=True)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="print_jobs", db_index=False)
    printer = models.ForeignKey(Printer, models.PROTECT, related_name="jobs")
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=64, help_text=_("What it labels, such as fulfillment:12."))
    content = models.TextField(help_text=_("ZPL, as sent."))
    reprint_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reprints")
    reprint_reason = models.CharField(max_length=100, blank=True)
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Stored before the first byte leaves: from here on a silence means that it may have printed.
    sending_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "working"]), name="printjob_open"),
            models.Index(fields=["store", "-created_at"], name="printjob_store_created"),
            models.Index(fields=["store"], condition=Q(state="unknown"), name="printjob_asks"),
            models.Index(fields=["printer", "id"], condition=Q(state__in=["queued", "working"]), name="printjob_line"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reprint_of__isnull=True) | ~Q(reprint_reason=""), name="printjob_reprint_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trouble(self) -> str:
        """The last error in words."""
        return str(self.Trouble(self.last_error).label) if self.last_error in self.Trouble else self.last_error

    @property
    def reason(self) -> str:
        """Why it was printed again, in words."""
        return str(self.Reason(self.reprint_reason).label) if self.reprint_reason in self.Reason else ""
