"""How PINs are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PinHasher(Argon2PasswordHasher):
    """argon2id at the OWASP cheat sheet's setting of 19 MiB, two passes, one lane.

    Django's own setting takes 100 MiB and eight lanes for each sign-in, which a shift change on a small machine feels.
    What holds guessing back is the count of misses; six digits would not survive an offline search at any setting.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
