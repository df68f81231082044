"""The same thing done to many items of the list: to the marked ones, or to all that the filter lets through."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stores.catalog.actions.bulk import (
    BulkResult,
    bulk_activate,
    bulk_approve,
    bulk_approve_and_activate,
    bulk_retire,
    bulk_set_abc_class,
    bulk_set_category,
)
from stores.catalog.errors import FieldInvalid, NothingChosen
from stores.catalog.fields import parse_field
from stores.catalog.models import Item
from stores.catalog.queries.item_list import NONE, ItemFilter
from stores.catalog.required import LABELS
from stores.catalog.views.answering import answered_page, posted_line
from stores.catalog.views.items import TEMPLATE, Chosen, list_context
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band, Tone
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

# Both steps of a complete draft at once.
APPROVED_AND_ACTIVE = "approved_active"


@require_POST
@role_required(Role.LEAD)
def fields(request: StoreRequest) -> HttpResponse:
    """Sets one field of the drafts among the items: `set` names it, `category` or `abc_class` is what to set."""

    def act() -> Band:
        reason = posted_line(request, "reason") or _("Set for many at once")
        if request.POST.get("set") == "category":
            category = parse_field("category", request.POST.get("to_category", ""))
            if category is None:
                raise FieldInvalid(field="category", label=_("category"), problem=_("Choose one."))
            result = bulk_set_category(items=_chosen(request), category=category, associate=request.user, reason=reason)
        else:
            given = request.POST.get("to_abc_class", "")
            if not given:
                raise FieldInvalid(field="abc_class", label=_("ABC class"), problem=_("Choose one."))
            letter = parse_field("abc_class", "" if given == NONE else given)
            result = bulk_set_abc_class(items=_chosen(request), abc_class=letter, associate=request.user, reason=reason)
        return _said(ngettext("{count} item changed", "{count} items changed", result.done), result)

    return _answer(request, answer_form(request, act=act))


@require_POST
@role_required(Role.MANAGER)
def state(request: StoreRequest) -> HttpResponse:
    """Brings the items to the state that `to` names, where they can go there."""

    def act() -> Band:
        to, reason = request.POST.get("to"), posted_line(request, "reason")
        if to == Item.State.APPROVED:
            result = bulk_approve(items=_chosen(request), associate=request.user, reason=reason or _("Approved"))
            title = ngettext("{count} item approved", "{count} items approved", result.done)
        elif to == Item.State.ACTIVE:
            result = bulk_activate(items=_chosen(request), associate=request.user, reason=reason or _("Put on sale"))
            title = ngettext("{count} item on sale", "{count} items on sale", result.done)
        elif to == APPROVED_AND_ACTIVE:
            words = reason or _("Approved and put on sale")
            result = bulk_approve_and_activate(items=_chosen(request), associate=request.user, reason=words)
            title = ngettext("{count} item on sale", "{count} items on sale", result.done)
        elif to == Item.State.RETIRED:
            result = bulk_retire(items=_chosen(request), associate=request.user, reason=reason or _("Retired"))
            title = ngettext("{count} item retired", "{count} items retired", result.done)
        else:
            raise NothingChosen
        return _said(title, result)

    return _answer(request, answer_form(request, act=act))


def _chosen(request: StoreRequest) -> QuerySet[Item]:
    """Raises NothingChosen when neither items nor all of them are marked."""
    if request.POST.get("scope") == "all":
        return ItemFilter.read(request.POST.dict()).matching()
    pks = _marked(request)
    if not pks:
        raise NothingChosen
    return Item.objects.filter(pk__in=pks)


def _marked(request: StoreRequest) -> frozenset[int]:
    ticked = request.POST.getlist("item")
    return frozenset(int(pk) for pk in ticked if pk.isascii() and pk.isdigit() and len(pk) < 19)


def _said(title: str, result: BulkResult) -> Band:
    parts = []
    for name, count in result.lacking.items():
        words = ngettext("{count} lacks: {what}", "{count} lack: {what}", count)
        parts.append(words.format(count=f"{count:,}", what=LABELS[name]))
    if result.unfit:
        words = ngettext("{count} is in another state", "{count} are in another state", result.unfit)
        parts.append(words.format(count=f"{result.unfit:,}"))
    if result.same:
        parts.append(ngettext("{count} was so", "{count} were so", result.same).format(count=f"{result.same:,}"))
    detail = f"{', '.join(parts)}." if parts else ""
    tone: Tone = "yes" if result.done and not parts else "look"
    return Band(tone=tone, title=title.format(count=f"{result.done:,}"), detail=detail)


def _answer(request: StoreRequest, answer: BandAnswer) -> HttpResponse:
    wanted = ItemFilter.read(request.POST.dict())
    # One step of many: who set the category of all goes on to approve all. What was refused keeps its words, too.
    refused = answer.status != 200
    chosen = Chosen(
        for_all=request.POST.get("scope") == "all",
        marked=_marked(request),
        reason=posted_line(request, "reason") if refused else "",
        to_category=posted_line(request, "to_category", at_most=40) if refused else "",
    )
    return answered_page(request, TEMPLATE, list_context(request, wanted, chosen=chosen), answer)
