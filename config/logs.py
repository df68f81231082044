"""What no log may keep: the secret part of an address, what somebody searched for, what a database error quotes."""

import re
from collections.abc import MutableMapping
from typing import Any

# A customer's page and an enrolment are open to whoever has the address.
_SECRET_PATH = re.compile(r"(/(?:c|enrol)/)[^/?\n\"']+")
# Names are searched for by GET.
_QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']*")
# PostgreSQL quotes the row that was refused: `DETAIL:  Failing row contains (12, Bob Norman, bob@…).`
_DETAIL = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


def hide_private(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: masks every text of the entry, whoever wrote it."""
    for name, value in entry.items():
        if isinstance(value, str):
            entry[name] = masked(value)
    return entry


def masked(text: str) -> str:
    text = _SECRET_PATH.sub(r"\1***", text)
    text = _QUERY.sub(r"\1?***", text)
    return _DETAIL.sub(r"\1: ***", text)
