"""What a channel sees of the stock, and how long its carts are held."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from stores.catalog.change_errors import ReasonNeeded
from stores.journal.actions.record import record
from stores.stock.errors import ChannelTaken, ChannelTermsInvalid, ChannelUnnamed
from stores.stock.models import Channel

KEPT_BACK_MAX = 999
HOLD_MINUTES_MAX = 1440
REASON_LENGTH_MAX = 200


@dataclass(frozen=True, kw_only=True)
class ChannelTerms:
    """`kept_back`: units of each item in each store that the channel never sees."""

    kept_back: int
    hold_minutes: int
    hold_minutes_max: int


def add_channel(*, code: str, name: str, terms: ChannelTerms, associate: Model | None = None) -> Channel:
    """One more way customers buy, in every store. Raises ChannelUnnamed, ChannelTermsInvalid and ChannelTaken."""
    channel = Channel(code=code, name=" ".join(name.split()), **asdict(terms))
    try:
        channel.clean_fields(exclude=[*asdict(terms)])
    except ValidationError as error:
        raise ChannelUnnamed from error
    _check(terms)
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError as error:
        if not Channel.objects.filter(code=code).exists():
            raise
        raise ChannelTaken(channel=code) from error
    record(
        kind="stock.channel_added",
        subject=channel,
        actor=associate,
        data={"channel": code, "terms": asdict(terms)},
    )
    return channel


def set_channel(*, pk: int, terms: ChannelTerms, reason: str, associate: Model | None = None) -> bool:
    """Changes the channel for every store; returns whether anything is another now.

    Carts that are held keep the time they were given; followers of availability find that they see another number of
    everything by their cursor, which knows what was kept back. Raises ReasonNeeded and ChannelTermsInvalid.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_LENGTH_MAX or not reason.isprintable():
        raise ReasonNeeded
    _check(terms)
    channel = Channel.objects.select_for_update().get(pk=pk)
    wanted = asdict(terms)
    changes = {
        field: {"was": getattr(channel, field), "became": value}
        for field, value in wanted.items()
        if getattr(channel, field) != value
    }
    if not changes:
        return False
    Channel.objects.filter(pk=pk).update(**wanted)
    record(
        kind="stock.channel_changed",
        subject=channel,
        actor=associate,
        data={"channel": channel.code, "changes": changes, "reason": reason},
    )
    return True


def _check(terms: ChannelTerms) -> None:
    held = 1 <= terms.hold_minutes <= terms.hold_minutes_max <= HOLD_MINUTES_MAX
    if not held or not 0 <= terms.kept_back <= KEPT_BACK_MAX:
        raise ChannelTermsInvalid(kept_back=KEPT_BACK_MAX, minutes=HOLD_MINUTES_MAX)
