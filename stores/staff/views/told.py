"""Desk forms: act once for each key, then show the page again with a line about what happened."""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.crypto import salted_hmac

from stores.journal.actions.answer_once import answer_once
from stores.refusals import Refusal
from stores.staff.http import StoreRequest


def act_and_tell(request: StoreRequest, *, act: Callable[[], str], then: str) -> HttpResponse:
    """Runs `act` once for the form's key, keeps the words it returns for the next page, and redirects to `then`.

    A refusal is told in the same place.
    """
    try:
        outcome = answer_once(
            scope=f"associate:{request.user.pk}",
            key=request.POST.get("key", ""),
            body=_sealed(request),
            act=lambda: {"tone": "yes", "words": act()},
            on_refusal=lambda refusal: {"tone": refusal.tone, "words": words_of(refusal)},
        )
        tell(request, outcome.answer["words"], tone=outcome.answer["tone"])
    except Refusal as refusal:
        tell(request, words_of(refusal), tone=refusal.tone)
    return HttpResponseRedirect(then, status=303)


def _sealed(request: StoreRequest) -> str:
    """What was asked for. With the secret key, because a plain hash of six digits can be searched for."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in ("key", "csrfmiddlewaretoken")}
    return salted_hmac("stores.staff.told", json.dumps([request.path, fields], sort_keys=True)).hexdigest()


def tell(request: StoreRequest, words: str, *, tone: str) -> None:
    messages.add_message(request, messages.INFO, words, extra_tags=tone)


def words_of(refusal: Refusal) -> str:
    return f"{refusal.headline}. {refusal.detail}" if refusal.detail else refusal.headline
