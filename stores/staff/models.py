"""Associates, what they may do where, and who is signed in on which device."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

MISSES_MAX = 10  # So many wrong PINs lock a badge.


class Role(models.IntegerChoices):
    """Each role may do all that the ones before it may."""

    ASSOCIATE = 1, _("Associate")
    LEAD = 2, _("Lead")
    MANAGER = 3, _("Manager")


class AssociateManager(BaseUserManager["Associate"]):
    def enrol(self, *, badge: str, name: str, pin: str) -> "Associate":
        """A new associate with a hashed PIN. Raises ValidationError when the badge or the name is malformed."""
        associate = self.model(badge=badge, name=name)
        associate.set_password(pin)
        associate.full_clean()
        associate.save()
        return associate


class Associate(AbstractBaseUser):
    """A person who works in the stores. `password` holds the PIN's argon2 hash."""

    badge = models.CharField(max_length=16, unique=True, validators=[RegexValidator(r"^[0-9A-Z]{3,16}$")])
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    last_login = None

    USERNAME_FIELD = "badge"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AssociateManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What an associate may do in one store, or, with no store, in all of them."""

    associate = models.ForeignKey(Associate, models.CASCADE, related_name="memberships")
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="memberships", null=True, blank=True)
    role = models.PositiveSmallIntegerField(choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["associate", "store"], nulls_distinct=False, name="membership_associate_store_unique"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.associate_id} {self.get_role_display()}"


class BadgeTries(models.Model):
    """PINs tried for one badge since the last right one, counted before each is checked.

    Keyed by what was typed, not by an associate: a badge that nobody has waits and locks just like a real one, so
    the answers tell nobody which badges exist.
    """

    badge = models.CharField(max_length=16, primary_key=True)
    misses = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "badge tries"

    def __str__(self) -> str:
        return f"{self.misses} misses"


class Session(AbstractBaseSession):
    """A browser's session. The columns beside the key let one query answer who, where and on what.

    `session_key` holds the key's hash: whoever reads the database still cannot take over a session.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    associate = models.ForeignKey(Associate, models.CASCADE, null=True, related_name="sessions")
    device = models.ForeignKey("stores.Device", models.CASCADE, null=True, related_name="sessions")
    store = models.ForeignKey("stores.Store", models.CASCADE, null=True, related_name="+")
    role = models.PositiveSmallIntegerField(choices=Role, null=True)
    started_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(db_default=Now())
    locked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"associate {self.associate_id} on device {self.device_id}"

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]  # Signature of AbstractBaseSession, untyped there.
        # By name, as Django finds its engine: the store class imports this model.
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
