"""Messages to customers: a row first, then sent by a worker."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stores.jobs import Job


class Notice(Job):
    """One message to one address, rendered when it was asked for."""

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
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_of}"
