"""Work that must reach the world outside: a row first, then a wake-up. The row is the queue.

Celery only says "look now". A worker claims a row by a conditional update with a lease; a worker that dies leaves a
lease that runs out, and the sweeper wakes the row again.
"""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

RETRY_SECONDS = (5, 30, 120, 600, 3600)


class JobQuerySet(models.QuerySet["Job"]):
    def due(self) -> Self:
        """Rows somebody should work on now: waiting and due, or held by a worker that went silent."""
        waiting = Q(state=Job.State.QUEUED, next_try_at__lte=Now())
        abandoned = Q(state=Job.State.WORKING, lease_until__lt=Now())
        return self.filter(waiting | abandoned)

    def claim(self, pk: int, *, lease_seconds: int = 30) -> bool:
        """Takes the row for this worker. False when it is not due, or another worker has it."""
        return bool(
            self.due()
            .filter(pk=pk)
            .update(
                state=Job.State.WORKING,
                attempts=F("attempts") + 1,
                lease_until=Now() + timedelta(seconds=lease_seconds),
            )
        )


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        WORKING = "working", _("In progress")
        DONE = "done", _("Done")
        UNKNOWN = "unknown", _("Unknown: a person must look")
        FAILED = "failed", _("Failed")

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    queue = JobQuerySet.as_manager()
    objects = models.Manager()

    class Meta:
        abstract = True

    def done(self) -> None:
        self._end(self.State.DONE, "")

    def failed(self, error: str) -> None:
        """Stops trying; a person must decide."""
        self._end(self.State.FAILED, error)

    def unknown(self, error: str) -> None:
        """The effect may or may not have happened outside; only a person can say."""
        self._end(self.State.UNKNOWN, error)

    def retry_later(self, error: str, *, delays: tuple[int, ...] = RETRY_SECONDS) -> None:
        """Waits for the next try, longer each time; gives up when `delays` (seconds) are used up."""
        if self.attempts > len(delays):
            self.failed(error)
            return
        self._set(
            state=self.State.QUEUED,
            last_error=error[:500],
            lease_until=None,
            next_try_at=Now() + timedelta(seconds=delays[max(self.attempts, 1) - 1]),
        )

    def requeue(self) -> None:
        """A person asks for another round of tries."""
        self._set(state=self.State.QUEUED, attempts=0, lease_until=None, ended_at=None, next_try_at=Now())

    def _end(self, state: "Job.State", error: str) -> None:
        self._set(state=state, last_error=error[:500], lease_until=None, ended_at=Now())

    def _set(self, **fields: object) -> None:
        type(self)._default_manager.filter(pk=self.pk).update(**fields)
        self.refresh_from_db(fields=list(fields))
