"""Secrets that browsers keep: made here, and known to the database only as a hash."""

import hashlib
import secrets

# No 0/O and 1/I: somebody may have to type an enrolment code with gloves on.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10  # 50 random bits, for an hour: more than can be guessed over the network.


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def hashed(secret: str) -> str:
    """64 hexadecimal digits. No salt and no stretching: what is hashed here is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()
