"""What waits to be staged, and where it should go."""

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from picking.models import PickTote
from picking.queries.totes import totes_to_stage
from pickup.errors import AlreadyStaged, NotForStaging, StillPicking, UnknownTote
from pickup.models import StagedTote
from pickup.queries.meeting import StillToCome, still_to_come
from stores.models import Bin, BinKind, Store
from stores.orders.models import Fulfillment
from stores.staff.models import Associate

TOTES_SHOWN_MAX = 50


def totes_waiting(store: Store) -> QuerySet[PickTote]:
    """Full totes of orders that are picked and not cancelled, the soonest promise first."""
    return totes_to_stage(store)


def totes_left(fulfillment: Fulfillment) -> QuerySet[PickTote]:
    """The fulfillment's totes that nobody has staged yet."""
    return PickTote.objects.filter(part__fulfillment=fulfillment, emptied_at=None).select_related("tote")


def suggested_bin(*, store: Store, fulfillment: Fulfillment) -> Bin | None:
    """The staging bin that holds this order already, else an empty one, else the least full; each in walking order.

    An order lies in one place, whoever brings its totes. None when the store has no staging bin.
    """
    lying = Q(staged_totes__left_at__isnull=True, staged_totes__isnull=False)
    return (
        Bin.objects.filter(store=store, kind=BinKind.STAGING)
        .select_related("zone")
        .annotate(
            bags=Count("staged_totes", filter=lying),
            own_bags=Count("staged_totes", filter=lying & Q(staged_totes__fulfillment=fulfillment)),
            rank=Case(
                When(own_bags__gt=0, then=Value(0)),
                When(bags=0, then=Value(1)),
                default=F("bags") + 1,
                output_field=IntegerField(),
            ),
        )
        .order_by("rank", F("zone__walk_order").asc(nulls_first=True), "walk_order", "code")
        .first()
    )


def last_staging(*, store: Store, associate: Associate) -> StagedTote | None:
    """The associate's last staging here, if it can still be undone."""
    last = (
        StagedTote.objects.filter(associate=associate, fulfillment__store=store, left_at=None)
        .select_related("bin", "tote", "fulfillment__order")
        .order_by("-pk")
        .first()
    )
    if last is None or hasattr(last.fulfillment, "handover"):
        return None
    return last


def tote_by_code(store: Store, code: str) -> PickTote:
    """The full tote with this code. Raises UnknownTote, StillPicking, NotForStaging, AlreadyStaged."""
    uses = PickTote.objects.filter(tote__code=code, part__store=store)
    # In use now, or else the last use: its goods may lie in a bin already.
    latest = uses.order_by(F("emptied_at").desc(nulls_first=True), "-pk")
    use = latest.select_related("tote", "part__fulfillment__order").first()
    if use is None:
        raise UnknownTote(tote=code)
    refuse_unless_stageable(use)
    return use


def refuse_unless_stageable(pick_tote: PickTote) -> None:
    """Raises AlreadyStaged, UnknownTote, StillPicking or NotForStaging."""
    fulfillment = pick_tote.part.fulfillment
    if pick_tote.emptied_at:
        staged = staging_of(pick_tote)
        if staged is None or staged.left_at:
            raise UnknownTote(tote=pick_tote.tote.code)
        raise AlreadyStaged(tote=pick_tote.tote.code, bin=staged.bin.code, by=staged.associate.name)
    if fulfillment.state in {Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING}:
        rest = still_to_come([fulfillment.pk]).get(fulfillment.pk, [])
        raise StillPicking(tote=pick_tote.tote.code, number=fulfillment.order.number, who=_who(rest))
    if fulfillment.state != Fulfillment.State.PICKED:
        raise NotForStaging(number=fulfillment.order.number, state=fulfillment.get_state_display().lower())


def _who(rest: list[StillToCome]) -> str:
    """Where, and by whom, the rest of an order is picked."""
    nobody = _("nobody has it")
    lists = [f"{one.zone or _('List {number}').format(number=one.list_pk)}: {one.holder or nobody}" for one in rest]
    return "; ".join(lists) or "–"


def staging_of(pick_tote: PickTote) -> StagedTote | None:
    """Where an emptied tote's goods were staged."""
    staged = StagedTote.objects.filter(fulfillment=pick_tote.part.fulfillment_id, tote=pick_tote.tote_id)
    return staged.select_related("bin", "associate").order_by("-pk").first()
