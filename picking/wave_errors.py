"""What can go wrong where a lead releases, moves and plans the work."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class ListBegun(Refusal):
    """Facts: number (of the list)."""

    code = "list_begun"
    title = _("List {number} has been begun")
    advice = _("Only what nobody has touched can be taken back. Take it over, or give it to somebody.")


class NothingWaits(Refusal):
    code = "nothing_waits"
    title = _("Nothing is left to release")
    advice = _("Somebody was faster, or the orders were cancelled.")
    tone = "look"


class ChooseOrders(Refusal):
    code = "choose_orders"
    title = _("Tick the orders first")
    status = 422


class ChooseMethod(Refusal):
    code = "choose_method"
    title = _("Choose a method")
    status = 422


class NobodyHolds(Refusal):
    """Facts: number (of the list)."""

    code = "nobody_holds"
    title = _("Nobody has list {number}")
    advice = _("It was given back, or its picker went quiet.")
    tone = "look"


class PlanInvalid(Refusal):
    """Facts: what (the field's name), least, most."""

    code = "plan_invalid"
    title = _("Not between {least} and {most}")
    advice = _("{what}")
    status = 422


class PlanChoiceInvalid(Refusal):
    """Facts: what (the field's name)."""

    code = "plan_choice_invalid"
    title = _("Choose one of those offered")
    advice = _("{what}")
    status = 422
