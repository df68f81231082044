"""Where shops deliver: check who it is, store it, answer. Everything else happens later."""

import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stores.staff.access import api
from stores.sync.actions.receive_message import keep_unproven, receive_message
from stores.sync.connectors.shopify.signature import is_genuine

CONNECTOR = "shopify"
WORDS = {
    "topic": ("X-Shopify-Topic", re.compile(r"[a-z0-9_./-]{1,60}")),
    "shop": ("X-Shopify-Shop-Domain", re.compile(r"[a-z0-9.-]{1,100}")),
    # No colon: what cannot prove its sender is kept under ids that have one.
    "webhook_id": ("X-Shopify-Webhook-Id", re.compile(r"[A-Za-z0-9_.-]{1,100}")),
    "signature": ("X-Shopify-Hmac-Sha256", re.compile(r"[A-Za-z0-9+/=]{1,100}")),
}


@csrf_exempt
@api
@require_POST
def receive(request: HttpRequest) -> HttpResponseBase:
    """200 stored (or here already), 400 not a shop's webhook, 401 wrong signature, 413 too big, 503 come again."""
    words = {}
    for name, (header, form) in WORDS.items():
        value = request.headers.get(header, "").strip()
        if not form.fullmatch(value.lower() if name in {"topic", "shop"} else value):
            return _answer(400, f"{header} is missing or malformed")
        words[name] = value.lower() if name in {"topic", "shop"} else value
    try:
        body = request.body
    except RequestDataTooBig:
        return _answer(413, f"Bodies have at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes")
    except UnreadablePostError:
        return _answer(400, "The body broke off")
    topic, shop = words["topic"], words["shop"]
    try:
        if not is_genuine(shop=shop, body=body, signature=words["signature"]):
            keep_unproven(connector=CONNECTOR, source=shop, topic=topic, body=body)
            return _answer(401, "Signature does not match")
        receive_message(connector=CONNECTOR, source=shop, external_id=words["webhook_id"], topic=topic, body=body)
    except (OperationalError, InterfaceError):
        # Nothing is stored; the shop comes again by itself.
        return _answer(503, "Try again", {"Retry-After": "5"})
    return _answer(200, "Stored")


def _answer(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain", headers=headers)
