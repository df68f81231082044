"""Why a question about availability is not answered."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class TooManyPairs(Refusal):
    """Facts: count, most (pairs)."""

    code = "too_many_pairs"
    title = _("{count} pairs were asked for")
    advice = _("Ask for {most} at a time.")
    status = 422


class UnknownChannel(Refusal):
    """Facts: channel (code as sent). The same for a channel that is another key's."""

    code = "unknown_channel"
    title = _("Unknown channel: {channel}")
    status = 422


class UnknownStores(Refusal):
    """Facts: codes (as sent). The same for stores this key does not speak for."""

    code = "unknown_store"
    title = _("Unknown store: {shown}")
    status = 422

    def __init__(self, *, codes: list[str]) -> None:
        super().__init__(codes=codes, shown=", ".join(codes))


class CursorTooOld(Refusal):
    """The follower may have missed something: it was restored since, or follows other stores, or is not ours."""

    code = "cursor_gone"
    title = _("This cursor cannot be followed any more")
    advice = _("Start over: ask without `after`, and you are told all there is again.")
    status = 410
