"""Taking files of items in: kept first, read by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass

from stores.catalog.actions.read_import import LINES_MAX
from stores.catalog.import_errors import CannotRunAgain, FileTooLarge, FileUnreadable, NoFiles, NoSystem, TooManyFiles
from stores.catalog.importing.files import JOINED_LINES_MAX, Unreadable, is_workbook, sheets_of
from stores.catalog.importing.headings import recognise
from stores.catalog.models import ImportFile, ItemImport, System
from stores.catalog.queries.imports import trouble_in_words
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.staff.models import Associate

FILES_MAX = 20
FILE_BYTES_MAX = 20 * 1024 * 1024
ALL_BYTES_MAX = 60 * 1024 * 1024
NAME_LENGTH_MAX = 120
# How many of its first bytes tell what kind of file it is.
TOLD_FROM = 2_000


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


def start_import(
    *, files: Sequence[Upload], system: str, associate: Associate | None, needs_review: bool = False
) -> ItemImport:
    """Keeps the files and wakes a worker. `system` is whose word they are (a value of System).

    `needs_review`: anybody can say that a file is the tills', so what it changes in approved items waits for a manager.

    Raises NoFiles, TooManyFiles, NoSystem, FileTooLarge, and FileUnreadable for a file without a heading we know.
    """
    if not files:
        raise NoFiles
    if len(files) > FILES_MAX:
        raise TooManyFiles(most=FILES_MAX)
    if system not in System.values:
        raise NoSystem
    check_sizes([(file.name, len(file.content)) for file in files])
    names = [_shown(file.name) for file in files]
    for name, file in zip(names, files, strict=True):
        _check(name, file.content)
    item_import = ItemImport.objects.create(
        name=", ".join(names)[:200], system=system, uploaded_by=associate, needs_review=needs_review
    )
    for position, (name, file) in enumerate(zip(names, files, strict=True)):
        ImportFile.objects.create(item_import=item_import, position=position, name=name, content=file.content)
    record(
        kind="catalog.import_started",
        subject=item_import,
        actor=associate,
        quantity=len(files),
        data={"files": names, "system": system},
    )
    wake("stores.catalog.tasks.import_items", item_import.pk)
    return item_import


def check_sizes(files: Sequence[tuple[str, int]]) -> None:
    """(name, bytes) of each, before anybody reads them. Raises FileTooLarge."""
    left = ALL_BYTES_MAX
    for name, size in files:
        left -= size
        if size > FILE_BYTES_MAX or left < 0:
            raise FileTooLarge(name=_shown(name), megabytes=min(FILE_BYTES_MAX, ALL_BYTES_MAX) // 1024 // 1024)


def run_again(*, item_import: ItemImport, associate: Associate) -> None:
    """Another round of tries for an import that stopped. Raises CannotRunAgain."""
    locked = ItemImport.objects.select_for_update().get(pk=item_import.pk)
    if locked.state != ItemImport.State.FAILED or not locked.files.exclude(content=b"").exists():
        raise CannotRunAgain
    locked.requeue()
    record(kind="catalog.import_retried", subject=locked, actor=associate)
    wake("stores.catalog.tasks.import_items", locked.pk)


def _shown(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign if sign.isprintable() else " " for sign in last).strip()[-NAME_LENGTH_MAX:] or "?"


def _check(name: str, content: bytes) -> None:
    """A file whose heading nobody understands is refused at once: whoever sent it still stands there."""
    try:
        if not content:
            raise Unreadable("empty")
        # Counted before it is cut into lines: twenty megabytes of short ones would take a gigabyte of memory.
        if max(content.count(b"\n"), content.count(b"\r")) > LINES_MAX * JOINED_LINES_MAX:
            raise Unreadable("too_many")
        firsts = [next(rows, None) for rows in sheets_of(content)]
        if not any(row is not None and recognise(row.cells) for row in firsts):
            raise Unreadable(_why_not(content) if any(firsts) else "empty")
    except Unreadable as problem:
        raise FileUnreadable(name=name, problem=trouble_in_words(str(problem))) from problem


def _why_not(content: bytes) -> str:
    """A picture or a letter is told from a table whose columns have no names we know."""
    first = content[:TOLD_FROM]
    if is_workbook(content) or first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "heading"
    is_binary = any(sign < 32 and sign not in b"\t\n\r\f" for sign in first)
    has_columns = any(sign in first for sign in b",;\t|")
    return "heading" if has_columns and not is_binary else "no_table"
