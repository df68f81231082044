"""Messages to customers: a row first, then sent by a worker."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.jobs import Job


class Notice(Job):
    """One message to one address, rendered when it was asked for."""

    NEXT: ClassVar[dict[str, set[str]]] = {
        Job.State.QUEUED: {Job.State.WORKING, Job.State.FAILED},
        Job.State.WORKING: {Job.State.QUEUED, Job.State.DONE, Job.State.FAILED},
        Job.State.FAILED: {Job.State.QUEUED},
    }

    class Trouble(models.TextChoices):
        """What stands in `last_error`. Never the mail server's own words, which quote the address."""

        NO_ADDRESS = "no_address", _("No address to send it to.")
        NO_SERVER = "no_server", _("The mail server does not answer.")
        REFUSED = "refused", _("The mail server does not take mail for this address.")
        UNSENDABLE = "unsendable", _("This is no message that could be sent.")
        ERASED = "erased", _("Erased before it was sent.")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CONSOLE = "console", _("Console")

    key = models.CharField(max_length=100, unique=True)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40, help_text=_("Such as pickup.ready."))
    subject_of = models.CharField(max_length=64, help_text=_("What it is about, such as fulfillment:12."))
    channel = models.CharField(max_length=8, choices=Channel)
    # Personal data: emptied when its retention ends.
    address = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "working"]), name="notice_open"),
            models.Index(fields=["subject_of"], name="notice_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_of}"
