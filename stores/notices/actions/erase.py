"""Forgetting what was said to whom."""

from stores.jobs import Job
from stores.journal.actions.record import record
from stores.notices.models import Notice


def erase_notices_of(*, subject: str) -> int:
    """Empties address and words of every notice about `subject` (fulfillment:12); returns how many had any.

    That a notice was sent, when, and how it ended stays. One that has not left yet never will.
    """
    spoken = Notice.objects.select_for_update().filter(subject_of=subject).exclude(address="", title="", body="")
    notices = list(spoken.order_by("pk"))
    for notice in notices:
        if notice.state == Job.State.QUEUED:
            notice.failed(Notice.Trouble.ERASED)
        Notice.objects.filter(pk=notice.pk).update(address="", title="", body="")
        record(kind="notices.erased", subject=notice, store=notice.store_id, data={"about": subject})
    return len(notices)
