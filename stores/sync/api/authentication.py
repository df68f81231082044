"""Who calls the API: `Authorization: Bearer <prefix>.<secret>`."""

import hmac
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from stores.staff.tokens import hashed
from stores.sync.models import ApiKey

if TYPE_CHECKING:
    # REST framework's views import this module by its name in the settings.
    from rest_framework.views import APIView

TOKEN_LENGTH_MAX = 200


class ApiKeyAuthentication(BaseAuthentication):
    """Sets `request.auth` to the ApiKey; there is no user behind it."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
        if not scheme:
            return None
        prefix, _dot, secret = token.strip().partition(".")
        if scheme.lower() != "bearer" or not secret or len(token) > TOKEN_LENGTH_MAX or not token.isprintable():
            raise AuthenticationFailed(_("Send Authorization: Bearer <prefix>.<secret>."))
        live = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=Now()))
        key = ApiKey.objects.select_related("store", "channel").filter(live, prefix=prefix).first()
        # One answer for unknown, wrong, expired and revoked.
        if key is None or not hmac.compare_digest(key.secret_hash, hashed(secret)):
            raise AuthenticationFailed(_("This key is not valid."))
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasVerb(BasePermission):
    """A view says in `verbs` which verb each of its HTTP methods needs."""

    message = _("This key may not do that.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        verbs: dict[str, str] = getattr(view, "verbs", {})
        return verbs.get(request.method or "") in request.auth.verbs
