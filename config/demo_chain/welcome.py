"""What the demo says to whoever started it."""

from collections.abc import Iterator

from config.demo_chain.chain import PLACES, Place
from config.demo_chain.people import PEOPLE
from config.demo_chain.places import enrolment_link
from config.demo_chain.shop import api_token


def welcome() -> str:
    """The way in: open a store's link once on a device, then sign in there with a badge and its PIN."""
    lines = [
        "The demo chain. Open a store's link once to let your browser in as one of its devices,",
        "then sign in with a badge and a PIN of that store.",
    ]
    for place in PLACES:
        lines += ["", *_store(place)]
    lines += ["", f"API key of the demo shop: {api_token()}"]
    return "\n".join(lines)


def _store(place: Place) -> Iterator[str]:
    yield f"{place.name} ({place.format.label.lower()})" if place.offers_pickup else place.name
    yield f"  {enrolment_link(place)}"
    for person in PEOPLE[place.code]:
        yield f"  {person.role.label:<10} badge {person.badge}  PIN {person.pin}  {person.name}"
    if place.totes:
        # The only codes to type that stand on no screen.
        yield f"  Totes      TOTE-{place.totes[0]:04} to TOTE-{place.totes[-1]:04}"
