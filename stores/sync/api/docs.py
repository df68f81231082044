"""The OpenAPI document, and a page to read it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from stores.staff.access import public
from stores.sync.api.authentication import ApiKeyAuthentication


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Registers itself, untyped there.
    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "<prefix>.<secret>"}


@public
class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of the API, as YAML or JSON."""


@public
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI. Our own template: the library's has an inline style, which our policy refuses."""

    url_name = "sync:api-schema"
    template_name = "sync/api_docs.html"
