import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stores.models import Store
from stores.orders.models import Order
from stores.sync.demo.order import NothingToOrder, as_webhook, order_body, send_order

LINES_MAX = 50


class Command(BaseCommand):
    help = "Place an order as the demo's shop does: a signed orders/create webhook to the running page server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--store", help="the pickup store's code (default: none, only an address)")
        parser.add_argument("--lines", type=int, default=3, choices=range(1, LINES_MAX + 1), metavar=f"1-{LINES_MAX}")
        parser.add_argument("--method", choices=Order.Method.values, default=Order.Method.COUNTER.value)
        parser.add_argument("--express", action="store_true", help="picked before all others")
        parser.add_argument("--substitutes", action="store_true", help="the customer takes something like it")
        parser.add_argument("--sample", type=Path, help="send this JSON file instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SHOPIFY_SECRETS:
            raise CommandError("SHOPIFY_SECRETS names no shop.")
        shop, secrets = next(iter(settings.SHOPIFY_SECRETS.items()))
        body = as_webhook(options["sample"].read_text()) if options["sample"] else self._made(shop, options)
        try:
            sent = send_order(body, shop=shop, secret=secrets.split("|")[0], site_url=settings.SITE_URL)
        except OSError as error:
            raise CommandError(f"Nobody answers at {settings.SITE_URL}: is the demo running?") from error
        if sent.status != 200:
            raise CommandError(f"{settings.SITE_URL} answered {sent.status}: {sent.text}")
        self.stdout.write(f"{_called(body)} is on its way (webhook {sent.webhook_id}).")

    def _made(self, shop: str, options: dict[str, Any]) -> bytes:
        store = None
        if options["store"]:
            store = Store.objects.filter(code=options["store"]).first()
            if store is None:
                raise CommandError(f"No store {options['store']}. There are {', '.join(_store_codes())}.")
        try:
            body = order_body(
                shop=shop,
                store=store,
                line_count=options["lines"],
                method=options["method"],
                is_express=options["express"],
                allows_substitutes=options["substitutes"],
            )
        except NothingToOrder as error:
            raise CommandError("No store has anything to promise.") from error
        return json.dumps(body).encode()


def _called(body: bytes) -> str:
    """Files that no shop could mean are sent too: that is how the exception queue is tried out."""
    try:
        return f"Order {json.loads(body)['name']}"
    except (ValueError, KeyError, TypeError):
        return "It"


def _store_codes() -> list[str]:
    return list(Store.objects.order_by("code").values_list("code", flat=True))
