"""What other systems send us, what we tell them, and the keys they carry."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.catalog.models import System
from stores.jobs import Job


class ApiKey(models.Model):
    """Lets one system call the API. The secret is shown once and kept as a hash."""

    class Verb(models.TextChoices):
        ORDERS_WRITE = "orders.write", _("Place orders")
        ORDERS_READ = "orders.read", _("Read orders")
        AVAILABILITY_READ = "availability.read", _("Read availability")
        CARTS_WRITE = "carts.write", _("Hold stock for carts")
        ITEMS_READ = "items.read", _("Read items")
        ITEMS_WRITE = "items.write", _("Change items")

    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    # No store means the whole chain.
    store = models.ForeignKey("stores.Store", models.CASCADE, null=True, blank=True, related_name="api_keys")
    verbs = ArrayField(models.CharField(max_length=32, choices=Verb))
    source = models.CharField(max_length=100, help_text=_("Names this system in aliases and external ids."))
    system = models.CharField(
        max_length=9,
        choices=System,
        blank=True,
        default="",
        db_default="",
        help_text=_("Whose word on items it brings."),
    )
    # What the system sees of availability and how long it may hold; none sees all and holds nothing.
    channel = models.ForeignKey("stock.Channel", models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class InboundMessage(Job):
    """One message from another system, stored as it came before anything is done with it.

    Jobs' states read here: queued = stored, done = applied, failed = waits for a person in the exception queue.
    """

    class Reason(models.TextChoices):
        BAD_SIGNATURE = "bad_signature", _("Signature does not match")
        MALFORMED = "malformed", _("Body cannot be read")
        UNKNOWN_SKU = "unknown_sku", _("Unknown SKU")
        UNKNOWN_STORE = "unknown_store", _("Unknown store")
        UNKNOWN_TOPIC = "unknown_topic", _("Unknown kind of message")
        REFUSED = "refused", _("Refused")
        NO_GOODS = "no_goods", _("Not goods")
        BLANK_NAME = "blank_name", _("No description")
        NO_PRICE = "no_price", _("No price")
        CONFLICTING_NAME = "conflicting_name", _("Conflicting descriptions")
        DUPLICATE_CODE = "duplicate_code", _("Duplicate code")
        DUPLICATE_GTIN = "duplicate_gtin", _("Barcode of another item")
        NOT_OWNER = "not_owner", _("Another system owns the field")
        INVALID = "invalid", _("A value is not valid")
        UNREADABLE = "unreadable", _("Line cannot be read")
        ERROR = "error", _("Could not be applied")

    connector = models.CharField(max_length=20, db_default="", help_text=_("Who understands it: shopify, api."))
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=100)
    topic = models.CharField(max_length=60)
    body = models.TextField(help_text=_("As received."))
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    facts = models.JSONField(default=dict, help_text=_("What stood in the way, for the person who mends it."))
    repeats = models.PositiveIntegerField(default=0, help_text=_("How often the same message came again."))
    subject = models.CharField(max_length=64, blank=True, help_text=_("What it became, such as order:12."))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    dismissed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "working"]), name="inbound_open"),
            models.Index(fields=["created_at"], condition=Q(state="failed"), name="inbound_failed"),
            models.Index(
                fields=["source", "reason", "ended_at"], condition=Q(connector="items"), name="inbound_items_by_kind"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="inbound_source_external_unique")]

    def __str__(self) -> str:
        return f"{self.source} {self.topic} {self.external_id}"


class WebhookEndpoint(models.Model):
    """Where another system wants to hear about events."""

    name = models.CharField(max_length=60, unique=True)
    url = models.URLField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=64), help_text=_("Event kinds, such as pickup.handed_over."))
    # Two live secrets let a receiver rotate without missing a message.
    secrets = ArrayField(models.CharField(max_length=100), size=2)
    is_active = models.BooleanField(default=True)
    # Whether its last answer was good and quick: only then do several deliveries run at once.
    answers_well = models.BooleanField(default=False, db_default=False)

    AT_ONCE_MAX = 4

    def __str__(self) -> str:
        return self.name

    @property
    def at_once(self) -> int:
        """How many workers may talk to it at the same time, so that a hanging receiver cannot hold them all."""
        return self.AT_ONCE_MAX if self.answers_well else 1


class WebhookDelivery(Job):
    """One event on its way to one endpoint. Written by a trigger in the event's own transaction."""

    event = models.ForeignKey(
        "journal.Event", models.DO_NOTHING, db_constraint=False, related_name="deliveries", db_index=False
    )
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at"],
                condition=Q(state__in=["queued", "working"]),
                name="delivery_open_by_endpoint",
            ),
            models.Index(fields=["ended_at"], condition=Q(state="failed"), name="delivery_dead"),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_event_endpoint_unique")]

    def __str__(self) -> str:
        return f"event {self.event_id} to {self.endpoint_id}"
