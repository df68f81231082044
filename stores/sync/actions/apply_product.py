"""From a shop's words about a product to the fields of our items."""

import hashlib
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.write_fields import TOPIC, write_fields
from stores.catalog.errors import GtinTaken, NoGtin
from stores.catalog.hooks import RefusedWrite, tell_refused
from stores.catalog.models import Barcode, ImportLine, Item, fold_code
from stores.catalog.queries import items_by_codes
from stores.journal.actions.record import record
from stores.journal.models import Event
from stores.sync.actions.keep_part import keep_part
from stores.sync.actions.receive_message import settle_refused
from stores.sync.incoming_product import IncomingProduct, IncomingVariant
from stores.sync.refusals import UnknownSku

KIND = "sync.product_applied"
Reason = ImportLine.Reason


def apply_product(*, product: IncomingProduct, part_topic: str) -> str:
    """Applies what the product says of items we know, in the caller's transaction; returns what it became.

    A variant that nobody knows waits in the exception queue by itself, as a message of `part_topic`. A product that is
    older than what was applied before says nothing.
    """
    subject = _subject(product)
    if _is_old(product, subject):
        return ""
    found = find_items(product)
    _write(product, [(found[one.external_id], one) for one in product.variants if one.external_id in found])
    unknown = [one for one in product.variants if one.external_id not in found]
    for variant in unknown:
        keep_part(
            connector=product.connector,
            source=product.source,
            external_id=_part_id(variant),
            topic=part_topic,
            body=variant.body,
            refusal=unknown_variant(variant),
        )
    data = {"source": product.source, "product": product.external_id, "changed_at": product.changed_at.isoformat()}
    record(kind=KIND, subject=subject, quantity=len(found), data=data | {"unknown": len(unknown)})
    return subject


def apply_variant(*, product: IncomingProduct) -> str:
    """Applies the one variant that waited, in the caller's transaction. Raises UnknownSku while nobody knows it."""
    [variant] = product.variants
    item = find_items(product).get(variant.external_id)
    if item is None:
        raise unknown_variant(variant)
    # The whole product may have come again meanwhile, with newer words.
    if not _is_old(product, _subject(product)):
        _write(product, [(item, variant)])
    return f"item:{item.pk}"


def find_items(product: IncomingProduct) -> dict[str, Item]:
    """By the variants' ids: what their codes mean, or else whose barcode they carry."""
    by_code = items_by_codes(product.source, {code for one in product.variants for code in one.codes})
    gtins = {one.barcode.zfill(14) for one in product.variants if one.barcode}
    carried = Barcode.objects.filter(gtin__in=gtins, pack_quantity=1).select_related("item")
    by_gtin = {barcode.gtin: barcode.item for barcode in carried}
    found = {}
    for one in product.variants:
        known = [by_code[code] for code in one.codes if code in by_code]
        item = known[0] if known else by_gtin.get(one.barcode.zfill(14))
        if item:
            found[one.external_id] = item
    return found


def unknown_variant(variant: IncomingVariant) -> UnknownSku:
    code = variant.codes[0]
    return UnknownSku(
        codes=[code], waiting_for=[fold_code(code)], summary={"lines": [{"code": code, "title": variant.title}]}
    )


def _write(product: IncomingProduct, known: list[tuple[Item, IncomingVariant]]) -> None:
    """In the order of the items, so that two products at once cannot deadlock."""
    speaks: dict[int, IncomingVariant] = {}
    for item, variant in sorted(known, key=lambda one: one[0].pk):
        first = speaks.setdefault(item.pk, variant)
        if first is not variant:
            # Two voices for one item would overwrite each other for ever.
            _refuse(product, variant, item, Reason.DUPLICATE_CODE, _("Two variants of the shop are this item."))
            continue
        write_fields(
            item=item,
            values=variant.values,
            system=product.system,
            source=product.source,
            external_id=_part_id(variant),
            reason=_("{source} changed its product").format(source=product.source),
            body=variant.body,
        )
        _carry_barcode(product, variant, item)
        settle_refused(source=product.source, external_id=_part_id(variant), became=f"item:{item.pk}")


def _carry_barcode(product: IncomingProduct, variant: IncomingVariant, item: Item) -> None:
    """The shop's barcode is one more of the item's; one that is another item's waits for a person."""
    if not variant.barcode or item.barcodes.filter(gtin=variant.barcode.zfill(14)).exists():
        return
    try:
        add_barcode(item=item, gtin=variant.barcode)
    except NoGtin as refusal:
        _refuse(product, variant, item, Reason.INVALID, f"{refusal.headline}. {refusal.detail}")
    except GtinTaken as refusal:
        _refuse(product, variant, item, Reason.DUPLICATE_GTIN, f"{refusal.headline}. {refusal.detail}")


def _refuse(product: IncomingProduct, variant: IncomingVariant, item: Item, reason: str, problem: str) -> None:
    said = hashlib.sha256(f"{variant.external_id} {item.pk} {variant.barcode}".encode()).hexdigest()
    facts = {"item": item.pk, "code": variant.codes[0], "folded": fold_code(variant.codes[0]), "name": item.name}
    facts |= {"field": "barcode", "label": _("barcode"), "theirs": variant.barcode, "problem": problem}
    tell_refused(
        [
            RefusedWrite(
                source=product.source,
                external_id=f"{reason}:{said}",
                topic=TOPIC,
                body=variant.body,
                reason=reason,
                facts=facts,
            )
        ]
    )


def _is_old(product: IncomingProduct, subject: str) -> bool:
    """Whether newer words about the product were applied already. Until the end of the transaction nobody else asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject])
    applied = Event.objects.filter(subject=subject, kind=KIND).order_by("-pk").first()
    return applied is not None and datetime.fromisoformat(applied.data["changed_at"]) > product.changed_at


def _subject(product: IncomingProduct) -> str:
    # Both names are long and another system's; together they are one thing.
    return "product:" + hashlib.sha256(f"{product.source} {product.external_id}".encode()).hexdigest()[:48]


def _part_id(variant: IncomingVariant) -> str:
    return f"variant:{variant.external_id}"
