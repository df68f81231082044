from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stores.sync.actions.add_webhook import rotate_secret
from stores.sync.models import WebhookEndpoint


class Command(BaseCommand):
    help = "A new secret for a webhook endpoint, printed; it signs beside the last one until the next rotation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(rotate_secret(name=options["name"]))
        except WebhookEndpoint.DoesNotExist as error:
            raise CommandError(f"No webhook endpoint {options['name']}.") from error
