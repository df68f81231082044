"""The customer's address: 128 random bits, signed, so that a guessed address is refused without asking the database."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from pickup.models import CustomerLink

TOKEN_BYTES = 16

_signer = Signer(salt="pickup.customer_link", sep=".")


def sign(token: str) -> str:
    return _signer.sign(token)


def unsign(signed: str) -> str | None:
    """The token inside, or None when the signature is not ours."""
    try:
        return _signer.unsign(signed)
    except BadSignature:
        return None


def link_address(link: CustomerLink) -> str:
    """The full address, for a message to the customer."""
    return settings.SITE_URL.rstrip("/") + reverse("pickup:customer", args=[sign(link.token)])
