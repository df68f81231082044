"""What lies in the demo printer's tray."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from stores.printing.labels import words

NAME = re.compile(r"(\d{8}T\d{6})\d{6}-[0-9a-f]{32}")
SHOWN_MAX = 40


@dataclass(frozen=True)
class PrintedLabel:
    """`words` are the texts on it, for those who cannot see the picture."""

    name: str
    printed_at: datetime
    zpl: str

    @property
    def words(self) -> list[str]:
        return words(self.zpl)


def directory() -> Path:
    return settings.STATE_DIR / "printed"


def labels() -> list[PrintedLabel]:
    """The newest first."""
    names = sorted((path.stem for path in directory().glob("*.zpl") if NAME.fullmatch(path.stem)), reverse=True)
    return [label for name in names[:SHOWN_MAX] if (label := find(name)) is not None]


def find(name: str) -> PrintedLabel | None:
    match = NAME.fullmatch(name)
    path = directory() / f"{name}.zpl"
    if match is None or not path.is_file():
        return None
    printed_at = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return PrintedLabel(name, printed_at, path.read_text(errors="replace"))
