"""What the associate is told after each scan of a stock task."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.handheld.bands import Band
from stores.stock.actions.put_down import PutDown
from stores.stock.actions.scan_stock import AtBin, DeliveryNamed, InHand, Outcome
from stores.stock.handling import WAYS
from stores.stock.models import StockTask

Kind = StockTask.Kind


def band_for(task: StockTask, outcome: Outcome) -> Band:
    if isinstance(outcome, AtBin):
        return _at_bin(task, outcome)
    if isinstance(outcome, InHand):
        title = _("{quantity} in hand · {sku}").format(quantity=outcome.quantity, sku=outcome.item.sku)
        if outcome.wanted and outcome.quantity > outcome.wanted:
            detail = _("{wanted} would do: {item}").format(wanted=outcome.wanted, item=outcome.item.name)
            return Band("look", title, detail)
        if outcome.wanted:
            title = _("{quantity} of {wanted} in hand · {sku}").format(
                quantity=outcome.quantity, wanted=outcome.wanted, sku=outcome.item.sku
            )
        return Band("yes", title, outcome.item.name)
    if isinstance(outcome, DeliveryNamed):
        return Band("yes", _("Delivery {number}").format(number=outcome.reference), _("Now scan what comes in."))
    return _put_down(task, outcome)


def undone_band(task: StockTask, undone: PutDown) -> Band:
    words = (
        _("Undone: {quantity} out of {bin}") if WAYS[task.kind].is_at_once else _("Undone: {quantity} back in {bin}")
    )
    return Band("look", words.format(quantity=undone.quantity, bin=undone.bin.code), undone.item.name)


def put_back_band(task: StockTask, laid: InHand) -> Band:
    place = task.source_bin.code if task.source_bin else ""
    title = _("{quantity} put back").format(quantity=laid.quantity)
    return Band("look", title, _("{item} is still in {bin}.").format(item=laid.item.name, bin=place))


def _at_bin(task: StockTask, outcome: AtBin) -> Band:
    title = _("You are at {bin}").format(bin=outcome.bin.code)
    if outcome.unusual:
        usual = _("Kind of bin: {kind}. Go on, or scan another.")
        return Band("look", title, usual.format(kind=outcome.bin.get_kind_display().lower()))
    if WAYS[task.kind].is_at_once:
        return Band("yes", title, _("Now scan what comes in."))
    return Band("yes", title, _("Now scan what you take."))


def _put_down(task: StockTask, done: PutDown) -> Band:
    units = done.total or done.quantity
    title = _done_words(task).format(quantity=units, bin=done.bin.code, sku=done.item.sku)
    if done.short:
        detail = ngettext(
            "{short} unit short of what customers were promised.",
            "{short} units short of what customers were promised.",
            done.short,
        ).format(short=done.short)
        return Band("look", title, detail)
    if task.kind == Kind.RECEIVE and not done.item.is_sellable:
        state = done.item.get_state_display().lower()
        return Band("look", title, _("{item} is {state}: not for sale.").format(item=done.item.name, state=state))
    if done.suggested:
        return Band("look", title, _("{bin} was suggested. Undo if it was not meant.").format(bin=done.suggested))
    if done.unusual:
        usual = _("Kind of bin: {kind}. Undo if it was not meant.")
        return Band("look", title, usual.format(kind=done.bin.get_kind_display().lower()))
    if done.made_whole:
        return Band("yes", title, _("All that customers were promised is there again."))
    if units > done.quantity > 1:
        # A case, or what was typed: the total alone would not tell how many of it this was.
        return Band("yes", title, _("+{quantity}: {item}").format(quantity=done.quantity, item=done.item.name))
    return Band("yes", title, done.item.name)


def _done_words(task: StockTask) -> str:
    words: dict[str, str] = {
        Kind.RECEIVE: _("{quantity} received · {sku}"),
        Kind.DAMAGE: _("{quantity} damaged, in {bin}"),
        Kind.DISPLAY: _("{quantity} on display in {bin}"),
        Kind.QUARANTINE: _("{quantity} held in {bin}"),
        Kind.RELEASE: _("{quantity} for sale in {bin}"),
        Kind.WRITE_OFF: _("{quantity} written off"),
        Kind.FIND: _("{quantity} found · {sku}"),
    }
    return words.get(task.kind, _("{quantity} put into {bin}"))
