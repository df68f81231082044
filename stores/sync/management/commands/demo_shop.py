import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from stores.sync.demo.shop import DemoShop
from stores.sync.models import WebhookEndpoint

PORT = "19200"  # Where the demo chain's endpoint points.


def live_secrets() -> list[str]:
    """Of every endpoint: the demo has one shop. Asked anew each time, so that a rotation needs no restart."""
    try:
        return [secret for secrets in WebhookEndpoint.objects.values_list("secrets", flat=True) for secret in secrets]
    finally:
        connection.close()


class Command(BaseCommand):
    help = "The demo's shop: takes webhooks on 127.0.0.1, checks them, keeps them in the state directory under shop/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("DEMO_SHOP_PORT", PORT))

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only the demo has a shop of its own (STOREHAND_DEMO=1).")
        port = options["port"]
        with DemoShop(port, directory=settings.STATE_DIR / "shop", secrets=live_secrets, tell=self._tell) as shop:
            self._tell(f"Shop listens on http://127.0.0.1:{port}/")
            try:
                shop.serve_forever()
            except KeyboardInterrupt:
                self._tell("Shop closed")

    def _tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
