"""Which language an associate reads."""

from django.conf import settings

from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.errors import LanguageUnknown
from stores.staff.models import Associate


def set_language(*, associate: Associate, language: str, store: Store, device: Device | None = None) -> None:
    """`language` is one of settings.LANGUAGES, such as "es"; it holds on every device. Raises LanguageUnknown."""
    if language not in dict(settings.LANGUAGES):
        raise LanguageUnknown
    associate.language = language
    associate.save(update_fields=["language"])
    record(
        kind="staff.language_set",
        subject=associate,
        store=store,
        actor=associate,
        device=device,
        data={"language": language},
    )
