"""`manage.py demo_chain`: the chain to play with, and how to get into it."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.demo_chain.bundles import add_sets
from config.demo_chain.chain import PLACES
from config.demo_chain.food import add_foods, stock_foods
from config.demo_chain.goods import fill_item_master, stock_store
from config.demo_chain.people import hire
from config.demo_chain.pictures import draw_pictures
from config.demo_chain.places import build_place
from config.demo_chain.shop import connect_shop, place_sample_orders
from config.demo_chain.substitutes import name_substitutes
from config.demo_chain.waves import WAITING, plan_waves
from config.demo_chain.welcome import welcome


class Command(BaseCommand):
    help = "Adds the demo chain, or what is missing of it, and prints the links, badges and PINs to get in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's badges and PINs are public: this runs only with STOREHAND_DEMO set.")
        printer_port = int(os.environ.get("DEMO_PRINTER_PORT", "19100"))
        receiver_port = int(os.environ.get("DEMO_SHOP_PORT", "19200"))
        stores = {}
        # Small transactions, each complete in itself: a run that is cut short is continued by the next.
        for place in PLACES:
            with transaction.atomic(durable=True):
                stores[place.code] = build_place(place, printer_port=printer_port)
                hire(place, stores[place.code])
        with transaction.atomic(durable=True):
            items = fill_item_master()
            draw_pictures(items)
            items |= add_sets(items)
            items |= add_foods()
            name_substitutes(items)
        for place in PLACES:
            with transaction.atomic(durable=True):
                stock_store(place, stores[place.code], items)
                stock_foods(place, stores[place.code], items)
        with transaction.atomic(durable=True):
            connect_shop(stores, items, receiver_port=receiver_port)
        with transaction.atomic(durable=True):
            place_sample_orders(stores, items)
        with transaction.atomic(durable=True):
            plan_waves(stores)
        with transaction.atomic(durable=True):
            place_sample_orders(stores, items, WAITING)
        self.stdout.write(welcome())
