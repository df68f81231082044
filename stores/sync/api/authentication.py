"""Who calls the API: `Authorization: Bearer <prefix>.<secret>`."""

import hmac
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from stores.models import Store
from stores.staff.tokens import hashed
from stores.stock.models import Channel
from stores.sync.models import ApiKey

if TYPE_CHECKING:
    # REST framework's views import this module by its name in the settings.
    from rest_framework.views import APIView

TOKEN_LENGTH_MAX = 200
_KEY_FIELDS = [field.attname for field in ApiKey._meta.concrete_fields]
_CHANNEL_FIELDS = [field.attname for field in Channel._meta.concrete_fields]
# By hand: every call pays for it, and putting the same statement together anew takes longer than running it.
_LIVE_KEY_SQL = f"""
SELECT {", ".join(f"key.{name}" for name in _KEY_FIELDS)}, store.code,
       {", ".join(f"channel.{name}" for name in _CHANNEL_FIELDS)}
FROM sync_apikey key
LEFT JOIN stores_store store ON store.id = key.store_id
LEFT JOIN stock_channel channel ON channel.id = key.channel_id
WHERE key.prefix = %s::text AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
"""  # noqa: S608  # Names of our own columns.


class ApiKeyAuthentication(BaseAuthentication):
    """Sets `request.auth` to the ApiKey; there is no user behind it."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
        if not scheme:
            return None
        prefix, _dot, secret = token.strip().partition(".")
        if scheme.lower() != "bearer" or not secret or len(token) > TOKEN_LENGTH_MAX or not token.isprintable():
            raise AuthenticationFailed(_("Send Authorization: Bearer <prefix>.<secret>."))
        key = _live_key(prefix)
        # One answer for unknown, wrong, expired and revoked.
        if key is None or not hmac.compare_digest(key.secret_hash, hashed(secret)):
            raise AuthenticationFailed(_("This key is not valid."))
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _live_key(prefix: str) -> ApiKey | None:
    """The key with its store (its code alone is loaded) and its channel, unless it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE_KEY_SQL, [prefix])
        row = cursor.fetchone()
    if row is None:
        return None
    key = ApiKey.from_db(None, _KEY_FIELDS, row[: len(_KEY_FIELDS)])
    store_code, *channel = row[len(_KEY_FIELDS) :]
    if key.store_id is not None:
        key.store = Store.from_db(None, ["id", "code"], [key.store_id, store_code])
    if key.channel_id is not None:
        key.channel = Channel.from_db(None, _CHANNEL_FIELDS, channel)
    return key


class HasVerb(BasePermission):
    """A view says in `verbs` which verb each of its HTTP methods needs."""

    message = _("This key may not do that.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        verbs: dict[str, str] = getattr(view, "verbs", {})
        return verbs.get(request.method or "") in request.auth.verbs
