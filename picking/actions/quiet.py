"""A claim whose picker has gone quiet ends, so that somebody else can go on with the list."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from picking.actions.claims import lock_list
from picking.models import PickClaim, PickPlan
from picking.queries.claims import BREAK_OVER, DISABLED, QUIET
from stores.journal.actions.record import record
from stores.models import Store
from stores.staff.models import Associate


def expire_quiet_claims() -> int:
    """Ends every claim that was quiet, or on a break, for longer than its store's plan allows; returns how many.

    Each ends in a transaction of its own. What is picked stays picked, in the totes it lies in.
    """
    held = PickClaim.objects.filter(ended_at=None)
    stores = list(Store.objects.filter(pk__in=held.order_by().values("pick_list__store")))
    plans = {plan.store_id: plan for plan in PickPlan.objects.filter(store__in=stores)}
    ended = 0
    for store in stores:
        silent = _silent(plans.get(store.pk) or PickPlan(store=store))
        for pk in held.filter(silent, pick_list__store=store).order_by("seen_at").values_list("pk", flat=True):
            ended += _expire(store, pk, silent)
    return ended


def _silent(plan: PickPlan) -> Q:
    now = timezone.now()
    quiet_since, break_since = (now - timedelta(minutes=n) for n in (plan.claim_minutes, plan.break_minutes))
    return Q(on_break_since=None, seen_at__lt=quiet_since) | Q(on_break_since__lt=break_since)


def _expire(store: Store, pk: int, silent: Q) -> bool:
    with transaction.atomic(durable=True):
        list_pk = PickClaim.objects.values_list("pick_list_id", flat=True).get(pk=pk)
        pick_list = lock_list(store=store, pk=list_pk)
        # Looked at again under the lock: a scan, a lead or the end of the list may have come first.
        claim = PickClaim.objects.select_for_update().filter(silent, pk=pk, ended_at=None).first()
        if claim is None:
            return False
        reason = BREAK_OVER if claim.on_break_since else QUIET
        PickClaim.objects.filter(pk=pk).update(ended_at=Now(), end_reason=reason)
        record(
            kind="picking.list_lapsed",
            subject=pick_list,
            store=store,
            data={"holder": claim.associate_id, "reason": reason},
        )
        return True


def end_claims_of(associate: Associate) -> None:
    """Somebody who works here no more holds nothing: their lists are anybody's, in the caller's transaction."""
    held = PickClaim.objects.filter(associate=associate, ended_at=None).select_related("pick_list__store")
    for claim in held.order_by("pick_list_id"):
        pick_list = lock_list(store=claim.pick_list.store, pk=claim.pick_list_id)
        if PickClaim.objects.filter(pk=claim.pk, ended_at=None).update(ended_at=Now(), end_reason=DISABLED):
            record(
                kind="picking.list_lapsed",
                subject=pick_list,
                store=pick_list.store,
                data={"holder": associate.pk, "reason": DISABLED},
            )
