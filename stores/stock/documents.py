"""What stands behind a number: the documents that references such as `fulfillment:12` name, and what lies in which bin.

Higher floors own those documents and register how to find them from `AppConfig.ready()`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stores.models import Store

BIGINT_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Document:
    """What a person calls it, how it stands, and the page that shows it (empty: there is none)."""

    label: str
    detail: str = ""
    url: str = ""
    due_at: datetime | None = None


# Asked for many ids at once, answers with one query; what is another store's or nobody's is missing.
DocumentFinder = Callable[[Store, Collection[int]], Mapping[int, Document]]
# (store, item id, bin ids) → for whom units of the item lie in each of these bins. One query.
ContentsFinder = Callable[[Store, int, Collection[int]], Mapping[int, list[Document]]]

_documents: dict[str, DocumentFinder] = {}
_contents: dict[str, ContentsFinder] = {}


def register(prefix: str, finder: DocumentFinder) -> None:
    """Says who knows the documents that references of the form `prefix:id` name."""
    _documents[prefix] = finder


def register_contents(bin_kind: str, finder: ContentsFinder) -> None:
    """Says who knows for whom goods lie in bins of this kind (totes, staging)."""
    _contents[bin_kind] = finder


def documents_behind(store: Store, references: Iterable[str]) -> dict[str, Document]:
    """The documents of `store` that are known, by reference; one query for each kind of reference.

    What people have written on paper, such as a delivery note's number, is its own name.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    named: dict[str, Document] = {}
    for reference in references:
        prefix, colon, number = reference.partition(":")
        if not colon and reference:
            named[reference] = Document(reference)
        elif prefix in _documents and number.isascii() and number.isdigit() and int(number) <= BIGINT_MAX:
            wanted[prefix].add(int(number))
    return named | {
        f"{prefix}:{pk}": document
        for prefix, pks in sorted(wanted.items())
        for pk, document in _documents[prefix](store, pks).items()
    }


def contents_of(store: Store, item_id: int, bins: Iterable[tuple[int, str]]) -> dict[int, list[Document]]:
    """For whom units of the item lie in the (bin id, bin kind) pairs; one query for each kind that has a finder."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for bin_id, kind in bins:
        if kind in _contents:
            wanted[kind].add(bin_id)
    return {
        bin_id: documents
        for kind, bin_ids in sorted(wanted.items())
        for bin_id, documents in _contents[kind](store, item_id, bin_ids).items()
    }
