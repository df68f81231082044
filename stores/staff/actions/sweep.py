"""What nobody will ask for again."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from stores.staff.models import Associate, BadgeTries, Session

STRAY_AFTER = timedelta(days=1)


def sweep_staff() -> None:
    """Deletes sessions whose time is over, and counts for badges that nobody has, a day after the last try.

    The count for a real badge is never forgotten: only the right PIN or a manager ends it.
    """
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    real = Associate.objects.filter(badge=OuterRef("badge"))
    BadgeTries.objects.filter(~Exists(real), next_try_at__lt=now - STRAY_AFTER).delete()
