"""The OpenAPI document, and a page to read it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

from stores.staff.access import public
from stores.sync.api.authentication import ApiKeyAuthentication
from stores.sync.api.reference import BODY_FILE, Reference


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Registers itself, untyped there.
    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "<prefix>.<secret>",
            "description": _(
                "Whoever runs this Storehand makes a key with `manage.py make_api_key`; it is shown once. "
                "It speaks for one store or for the chain, may do what its verbs say, and ends by its date."
            ),
        }


@public
class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of the API, as YAML or JSON."""


@require_safe
@public
def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page of ours: every word of it that is about an operation comes from there."""
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # Untyped there.
    reference = Reference(document, origin=request.build_absolute_uri("/").rstrip("/"))
    context = {
        "reference": reference,
        "operations": reference.operations(),
        "headers": reference.headers(),
        "shapes": reference.shapes(),
        "body_file": BODY_FILE,
        "body_bytes_max": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }
    return render(request, "sync/api_docs.html", context)
