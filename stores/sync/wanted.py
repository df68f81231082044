"""Events that somebody outside may wait for are told at once; the sweep tells the rest within seconds."""

from stores.journal.wakeups import wake

AT_ONCE = ("pickup.", "orders.")


def wake_outbox(kind: str) -> None:
    if kind.startswith(AT_ONCE):
        wake("stores.sync.tasks.outbox_sweep")
