"""Why a cart's lines are not understood."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class UnknownLines(Refusal):
    """Facts: lines, the ones that name what nobody here knows: line (numbered from 1), sku, store, problem (a code).

    The same for stores this key does not speak for.
    """

    code = "unknown_lines"
    title = _("Unknown SKUs or stores")
    advice = _("{shown}. Nothing more is held for the cart than before.")
    status = 422

    def __init__(self, *, lines: list[dict[str, Any]]) -> None:
        words = {"unknown_sku": _("line {line}: SKU {sku}"), "unknown_store": _("line {line}: store {store}")}
        super().__init__(lines=lines, shown="; ".join(str(words[line["problem"]]).format(**line) for line in lines))
