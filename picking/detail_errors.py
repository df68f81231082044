"""What can be wrong with what is asked of a unit besides its code, in the picker's words."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class DetailFirst(Refusal):
    """Facts: what (in words), item (name)."""

    code = "detail_first"
    title = _("First the {what}")
    advice = _("Of {item}. Or take it back with Undo.")
    tone = "look"


class DetailInvalid(Refusal):
    """Facts: what (in words), came (as scanned)."""

    code = "detail_invalid"
    title = _("This is no {what}: {came}")
    advice = _("Scan it again, or type it.")
    status = 422


class DateInvalid(DetailInvalid):
    code = "date_invalid"
    advice = _("Type it like 2027-05-31, or scan it.")


class WeightUnlikely(Refusal):
    """Facts: grams, most."""

    code = "weight_unlikely"
    title = _("{grams} g is too much")
    advice = _("One piece has {most} g at most. Weigh it again, in grams.")
    status = 422


class SerialTaken(Refusal):
    """Facts: serial."""

    code = "serial_taken"
    title = _("{serial} is picked already")
    advice = _("Each piece has a number of its own. Scan the one in your hand.")


class ExpiredGoods(Refusal):
    """Facts: item (name), expiry (ISO date)."""

    code = "expired_goods"
    title = _("Expired: {expiry}")
    advice = _("{item} may not be given away. Take another one, or report it as damaged.")


class OneByOne(Refusal):
    """Facts: item (name), what (in words)."""

    code = "one_by_one"
    title = _("Scan each piece by itself")
    advice = _("Each piece of {item} has its own {what}.")
