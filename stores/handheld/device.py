"""Data that a device keeps for the time without a connection."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language


def device_response(request: HttpRequest, data: Mapping[str, Any]) -> HttpResponse:
    """`data` as JSON for the associate whose session asks, or 304 for a device that holds the same.

    It names the associate, so that a device never takes what is another's. Nothing between keeps it: the device does.
    """
    content = json.dumps({"who": str(request.user.pk), **data}, separators=(",", ":"), default=str)
    version = f'"{sha256(f"{get_language()} {content}".encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == version:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type="application/json")
    response["ETag"] = version
    response["Cache-Control"] = "no-store"
    return response
