"""Dead letters get another round of tries."""

from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Store
from stores.staff.models import Associate
from stores.sync.models import WebhookDelivery
from stores.sync.queries.exceptions import dead_deliveries
from stores.sync.refusals import NotFound


def replay_deliveries(*, endpoint_id: int, associate: Associate, store: Store, pk: int | None = None) -> int:
    """Tries the store's dead letters to one endpoint again, all or one of them; returns how many.

    Raises NotFound when there are none, also when they are another store's.
    """
    dead = dead_deliveries(store).filter(endpoint_id=endpoint_id)
    if pk is not None:
        dead = dead.filter(pk=pk)
    pks = list(dead.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not pks:
        raise NotFound
    WebhookDelivery.objects.filter(pk__in=pks).update(
        state=WebhookDelivery.State.QUEUED, attempts=0, lease_until=None, ended_at=None, next_try_at=Now()
    )
    record(
        kind="sync.deliveries_replayed",
        subject=f"webhookendpoint:{endpoint_id}",
        store=store,
        actor=associate,
        quantity=len(pks),
    )
    wake("stores.sync.tasks.outbox_sweep")
    return len(pks)
