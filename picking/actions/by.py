"""Who does something on a walk, with what, and when."""

from dataclasses import dataclass
from datetime import datetime

from stores.models import Device, Store
from stores.staff.models import Associate


@dataclass(frozen=True, kw_only=True)
class By:
    """`key` is the form's own. `at` is when it was scanned, if that was before now: on a device without connection."""

    store: Store
    associate: Associate
    device: Device | None
    key: str
    at: datetime | None = None

    @property
    def pick_key(self) -> str:
        """The key of the move that the scan makes."""
        return f"pick:{self.associate.pk}:{self.key}"
