"""The page and the worker that stand in where the server does not answer; both are the same for everybody."""

import json
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from stores.handheld.texts import client_texts

WORKER = "js/offline/worker.js"


def shell_response() -> HttpResponse:
    response = HttpResponse(shell_page())
    response["Cache-Control"] = "no-cache"
    # The worker asks the page that it keeps for its language.
    response["Content-Language"] = translation.get_language()
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def worker_response() -> HttpResponse:
    response = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


def worker_script() -> str:
    """What to keep, and the worker that keeps it: another one to the browser as soon as anything of it differs."""
    return f"self.toKeep = {json.dumps(_kept())};\nimportScripts({json.dumps(static(WORKER))});\n"


def shell_page() -> str:
    """The shell in the language of this moment: no associate, no token, no order. The device fills it."""
    # Without the request no context processor can put anything of a person into it.
    return render_to_string("handheld/offline.html", {"client_texts": client_texts()})


@cache
def _kept() -> dict[str, str | list[str]]:
    """What the worker keeps, and a version that changes with it; hashed names make the files' contents part of it."""
    pages = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages.append(shell_page())
    in_page = re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"]+)"', pages[0])
    files = sorted({*in_page, *_modules()})
    version = sha256(json.dumps([files, static(WORKER), pages]).encode()).hexdigest()[:16]
    return {"version": version, "files": files, "shell": reverse("handheld:offline"), "prefix": settings.STATIC_URL}


def _modules() -> Iterator[str]:
    for finder in get_finders():
        for path, _storage in finder.list([]):
            if re.fullmatch(r"js/(\w+/)?\w+\.js", path) and path != WORKER:
                yield static(path)
