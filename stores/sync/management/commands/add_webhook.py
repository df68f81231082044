from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from stores.sync.actions.add_webhook import add_webhook

KINDS = "pickup.ready,pickup.handed_over,orders.cancelled,orders.line_cancelled,orders.substituted"


class Command(BaseCommand):
    help = "Tell another system about events. Prints the secret its webhooks are signed with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--url", required=True)
        parser.add_argument("--kinds", default=KINDS, help="event kinds, by commas (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            secret = add_webhook(name=options["name"], url=options["url"], kinds=options["kinds"].split(","))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(secret)
