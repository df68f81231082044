"""Who may say what about an item: owners of fields, requests for change, and the history of every field."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.catalog.models.items import Item
from stores.journal.models import CurrentTransaction


class System(models.TextChoices):
    """The systems that speak about items."""

    POS = "pos", _("Tills (POS)")
    ERP = "erp", _("ERP")
    SHOP = "shop", _("Online shop")
    STOREHAND = "storehand", _("Storehand")


class FieldOwner(models.Model):
    """The one system that may change a field of items that exist. A write by another waits for a person."""

    field = models.CharField(max_length=30, unique=True)
    system = models.CharField(max_length=9, choices=System)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.system}"


class ChangeRequest(models.Model):
    """A wish to change an approved item: written with a reason, decided by somebody else.

    `changes` is {field: {"was": text or null, "wanted": text or null}}; texts as in `FieldChange`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for review")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {State.OPEN: {State.APPROVED, State.REFUSED, State.WITHDRAWN}}

    item = models.ForeignKey(Item, models.CASCADE, related_name="change_requests")
    changes = models.JSONField()
    # Only fields of this system can be asked for: a person's own wish is Storehand's word, a file may be another's.
    system = models.CharField(max_length=9, choices=System, default=System.STOREHAND, db_default=System.STOREHAND)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    review_note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(state="open"), name="changerequest_open")]
        constraints = [
            # Four eyes: whoever wants a change does not wave it through.
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"])
                | (Q(reviewed_by__isnull=False) & ~Q(reviewed_by=models.F("requested_by"))),
                name="changerequest_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="changerequest_ended_iff_not_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {', '.join(self.changes)}"


class FieldChange(models.Model):
    """One field of one item took another value. Written by a trigger, so bulk writes are in it; never changed."""

    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False, related_name="field_changes", db_index=False)
    field = models.CharField(max_length=30)
    was = models.TextField(null=True)  # noqa: DJ001  # None is "no value", which an empty text is not.
    became = models.TextField(null=True)  # noqa: DJ001  # As above.
    system = models.CharField(max_length=9, choices=System)
    associate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )
    request = models.ForeignKey(
        ChangeRequest, models.DO_NOTHING, null=True, db_constraint=False, related_name="field_changes"
    )
    reason = models.CharField(max_length=200)
    changed_at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="fieldchange_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.field}: {self.was} → {self.became}"
