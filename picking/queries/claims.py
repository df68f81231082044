"""Who held a list before, and how they lost it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from picking.models import PickClaim
from stores.journal.models import Event
from stores.models import Store

# Why a claim ended. With its list:
DONE, CANCELLED = "done", "cancelled"
# By its holder:
RELEASED, HANDED_OVER = "released", "handed_over"
QUIET, BREAK_OVER = "quiet", "break_over"
# Ended by the clock alone: the former holder may go on as if nothing had been.
LAPSED = (QUIET, BREAK_OVER)
# Ended with the holder's right to work here.
DISABLED = "disabled"
# Ended by a lead.
TAKEN_OVER, REASSIGNED, LAID_DOWN = "taken_over", "reassigned", "laid_down"
_BY_LEAD = (TAKEN_OVER, REASSIGNED, LAID_DOWN)
LEADS_KIND = "picking.list_taken_from"


@dataclass(frozen=True)
class Lost:
    """`by` took it, gave it away or laid it down; `holder` has it now (None: nobody)."""

    reason: str
    at: datetime
    silent_minutes: int
    by: str | None
    holder: str | None

    @property
    def may_go_on(self) -> bool:
        return self.reason in LAPSED and self.holder is None

    @property
    def headline(self) -> str:
        at = f"{self.at:%H:%M}"
        if self.reason in LAPSED:
            if self.holder is None:
                return self._silence
            return _("{name} took it over at {time}").format(name=self.holder, time=at)
        if self.reason == REASSIGNED:
            return _("{lead} gave it to {name} at {time}").format(lead=self.by, name=self.holder or "?", time=at)
        if self.reason == LAID_DOWN:
            return _("{lead} gave it back at {time}").format(lead=self.by, time=at)
        return _("{name} took it over at {time}").format(name=self.by, time=at)

    @property
    def advice(self) -> str:
        if self.may_go_on:
            return _("Nobody has it: scan to go on.")
        if self.reason in LAPSED:
            return _("{silence}. Leave your totes to {name}.").format(silence=self._silence, name=self.holder)
        if self.holder is None:
            return _("Anybody may start it again.")
        return _("Leave your totes to {name}.").format(name=self.holder)

    @property
    def _silence(self) -> str:
        if self.reason == BREAK_OVER:
            return _("Your break was longer than this store allows")
        minutes = self.silent_minutes
        said = ngettext("You were quiet for {minutes} minute", "You were quiet for {minutes} minutes", minutes)
        return said.format(minutes=minutes)


def how_lost(*, store: Store, pk: int, associate_id: int) -> Lost | None:
    """How the associate lost the list; None for one who never held it, or who gave it away."""
    claims = PickClaim.objects.filter(pick_list=pk, pick_list__store=store).select_related("associate").order_by("pk")
    held = list(claims)
    mine = [claim for claim in held if claim.associate_id == associate_id]
    if not mine:
        return None
    last, now = mine[-1], held[-1]
    if last.ended_at is None or last.end_reason not in (*LAPSED, *_BY_LEAD):
        return None
    holder = now if now.ended_at is None else None
    by = None
    if last.end_reason in _BY_LEAD:
        told = Event.objects.filter(subject=f"picklist:{pk}", kind=LEADS_KIND, data__claim=last.pk)
        by = told.values_list("actor__name", flat=True).first()
    taken_at = holder.claimed_at if holder and last.end_reason in LAPSED else last.ended_at
    return Lost(
        reason=last.end_reason,
        at=store.local(taken_at),
        silent_minutes=int((last.ended_at - last.seen_at).total_seconds() // 60),
        by=by,
        holder=holder.associate.name if holder else None,
    )
