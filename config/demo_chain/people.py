"""Who works in the chain. Badges and PINs are written here for all to see: the demo's, and nobody's else."""

from dataclasses import dataclass

from config.demo_chain.chain import BRISTOL, CAMDEN, DAVENTRY, LEEDS, YORK, Place
from stores.models import Store
from stores.staff.models import Associate, Membership, Role


@dataclass(frozen=True)
class Person:
    badge: str
    pin: str
    name: str
    role: Role
    language: str = "en"


PEOPLE: dict[str, tuple[Person, ...]] = {
    CAMDEN.code: (
        Person("4711", "830274", "Amara Okafor", Role.ASSOCIATE),
        Person("4712", "592816", "Tomasz Zielinski", Role.ASSOCIATE),
        Person("4713", "407952", "Lucía Fernández", Role.ASSOCIATE, "es"),
        Person("4720", "618035", "Priya Raman", Role.LEAD),
        Person("4730", "925470", "Gareth Pugh", Role.MANAGER),
    ),
    LEEDS.code: (
        Person("4811", "271938", "Ellie Braithwaite", Role.ASSOCIATE),
        Person("4812", "846103", "Yusuf Demir", Role.ASSOCIATE),
        Person("4820", "350719", "Hannah Whitaker", Role.LEAD),
        Person("4830", "704265", "Colin Ackroyd", Role.MANAGER),
    ),
    YORK.code: (
        Person("4911", "163892", "Jade Robson", Role.ASSOCIATE),
        Person("4912", "938467", "Sunil Mehta", Role.ASSOCIATE),
        Person("4920", "482051", "Maggie Harker", Role.LEAD),
        Person("4930", "517296", "Owen Fairfax", Role.MANAGER),
    ),
    BRISTOL.code: (
        Person("5011", "729640", "Kwame Mensah", Role.ASSOCIATE),
        Person("5020", "205817", "Beth Tremlett", Role.LEAD),
        Person("5030", "861493", "Rosa Iglesias", Role.MANAGER, "es"),
    ),
    DAVENTRY.code: (
        Person("5111", "394728", "Dariusz Nowak", Role.ASSOCIATE),
        Person("5120", "650182", "Femi Adeyemi", Role.LEAD),
        Person("5130", "178356", "Ruth Calloway", Role.MANAGER),
    ),
}


def hire(place: Place, store: Store) -> None:
    """Adds whoever is missing. A PIN that somebody has changed since stays as it is."""
    people = PEOPLE[place.code]
    known = set(Associate.objects.filter(badge__in=[person.badge for person in people]).values_list("badge", flat=True))
    for person in people:
        if person.badge in known:
            continue
        associate = Associate.objects.enrol(badge=person.badge, name=person.name, pin=person.pin)
        if person.language != associate.language:
            associate.language = person.language
            associate.save(update_fields=["language"])
        Membership.objects.create(associate=associate, store=store, role=person.role)
