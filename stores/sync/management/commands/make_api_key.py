from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from stores.catalog.models import System
from stores.models import Store
from stores.stock.models import Channel
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey

DAYS = 365


class Command(BaseCommand):
    help = "Let another system call the API. Prints its key, this once: it is kept only as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = ",".join([ApiKey.Verb.ORDERS_WRITE, ApiKey.Verb.ORDERS_READ])
        parser.add_argument("--name", required=True, help="what people call the system")
        parser.add_argument("--source", help="what aliases and external ids call it (default: the name)")
        parser.add_argument("--store", help="the code of the one store it speaks for (default: the whole chain)")
        parser.add_argument("--channel", help="the code of the channel it sells by: what it sees, how long it may hold")
        systems = [System.POS.value, System.ERP.value, System.SHOP.value]
        parser.add_argument(
            "--system", choices=systems, default="", help="whose word on items it brings (default: none)"
        )
        parser.add_argument("--verbs", default=verbs, help="what it may do, by commas (default: %(default)s)")
        parser.add_argument("--days", type=int, default=DAYS, help="how long it lives (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        store = None
        if options["store"]:
            store = Store.objects.filter(code=options["store"]).first()
            if store is None:
                raise CommandError(f"No store {options['store']}.")
        channel = None
        if options["channel"]:
            channel = Channel.objects.filter(code=options["channel"]).first()
            if channel is None:
                raise CommandError(f"No channel {options['channel']}.")
        try:
            bearer = make_api_key(
                name=options["name"],
                source=options["source"] or options["name"],
                verbs=options["verbs"].split(","),
                store=store,
                channel=channel,
                system=options["system"],
                days=options["days"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(bearer)
