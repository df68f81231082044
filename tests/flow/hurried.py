"""The worker's app with shorter rounds for what tests wait for: what a round does is looked at, not how rare it is."""

from celery import Celery

from config.celery import app as app

ROUND_SECONDS = 2.0
HURRIED = {"sync-sweep", "catalog-import-sweep", "picking-claims"}


@app.on_after_finalize.connect
def hurry(sender: Celery, **_signal: object) -> None:
    # Connected after config.celery's own: by now the rounds are in the schedule.
    for name in HURRIED:
        sender.conf.beat_schedule[name] = sender.conf.beat_schedule[name] | {"schedule": ROUND_SECONDS}
