"""Finding an order at the counter: by what was scanned, or by what the customer says."""

from django.db.models import Case, F, IntegerField, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from picking.models import PickTote
from pickup.codes import read_bag_label, read_customer_code
from pickup.models import StagedTote
from stores.models import Bin, BinKind, Store
from stores.orders.models import Fulfillment

FOUND_MAX = 20
NAME_LENGTH_MIN = 2


def ready_here(store: Store) -> QuerySet[Fulfillment]:
    return Fulfillment.objects.filter(store=store, state=Fulfillment.State.STAGED)


def fulfillment_by_code(store: Store, text: str) -> int | None:
    """This store's fulfillment behind a bag label, a customer's screen, an order number or a tote; open or just gone.

    Of an order that comes in parts: the one that is ready, else one still to come, else the latest.
    """
    label = read_bag_label(text) or read_customer_code(text)
    meant = Q(pk=label.fulfillment_id) if label else _is_number(text) | Q(pk=_in_tote(store, text))
    here = Fulfillment.objects.filter(meant, store=store)
    nearest = Case(
        When(state=Fulfillment.State.STAGED, then=0),
        When(state__in=Fulfillment.OPEN, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return here.order_by(nearest, "-pk").values_list("pk", flat=True).first()


def is_tote(store: Store, text: str) -> bool:
    return Bin.objects.filter(store=store, kind=BinKind.TOTE, code=text).exists()


def find_ready(store: Store, text: str) -> list[Fulfillment]:
    """Ready orders whose number is `text` or whose customer's name contains it; at most FOUND_MAX."""
    text = " ".join(text.split())
    if not text:
        return []
    matches = _is_number(text)
    if len(text) >= NAME_LENGTH_MIN:
        matches |= Q(order__contact__name__icontains=text)
    found = ready_here(store).filter(matches).select_related("order__contact", "arrival")
    return list(found.order_by("staged_at")[:FOUND_MAX])


def _is_number(text: str) -> Q:
    """Order numbers as people say them: with or without the shop's #."""
    plain = text.lstrip("#")
    return Q(order__number__iexact=plain) | Q(order__number__iexact=f"#{plain}")


def _in_tote(store: Store, text: str) -> Coalesce:
    """Whose goods the tote holds, or else those of whoever it brought to staging last, if they lie there still."""
    used = PickTote.objects.filter(tote__store=store, tote__code=text, emptied_at=None)
    brought = StagedTote.objects.filter(tote__store=store, tote__code=text).order_by("-pk")
    lying = brought.annotate(whose=Case(When(left_at=None, then=F("fulfillment")))).values("whose")
    return Coalesce(Subquery(used.values("part__fulfillment")[:1]), Subquery(lying[:1]))
