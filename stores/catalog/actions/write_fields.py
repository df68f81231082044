"""What a system says about an item that exists."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import explained
from stores.catalog.actions.request_change import request_change
from stores.catalog.actions.save_fields import save_fields_locked
from stores.catalog.actions.set_substitutes import lock_items, put_substitutes_locked
from stores.catalog.change_errors import AlreadyRequested, NobodyAsks, UnknownField
from stores.catalog.changes import VARIANT_FIELDS, candidate_of, check_candidate, label_of
from stores.catalog.errors import FieldInvalid, VariantTaken
from stores.catalog.fields import (
    EDITABLE_FIELDS,
    SUBSTITUTES,
    parse_field,
    substitute_skus,
    substitutes_text,
    substitutes_text_of,
    text_of,
)
from stores.catalog.hooks import RefusedWrite, tell_refused
from stores.catalog.models import ChangeRequest, ImportLine, Item, System, fold_code
from stores.catalog.queries.owners import owner_of, owners
from stores.catalog.queries.substitutes import named_substitutes
from stores.journal.actions.record import record
from stores.refusals import Refusal
from stores.staff.models import Associate

TOPIC = "items"
THEIRS_LENGTH_MAX = 200
Reason = ImportLine.Reason


@dataclass(frozen=True)
class RefusedField:
    """One field that was not applied. `known`: the same waits for a person already, or was settled.

    `problem` is in words; `ours` and `theirs` are texts as the history has them.
    """

    field: str
    reason: str
    owner: System
    ours: str | None
    theirs: str | None
    problem: str = ""
    known: bool = False


@dataclass(frozen=True)
class WriteResult:
    """Every field that was said is in one of the first three. `request` holds those that wait for a manager."""

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[RefusedField, ...] = ()
    requested: tuple[str, ...] = ()
    request: ChangeRequest | None = None


def write_fields(
    *,
    item: Item,
    values: Mapping[str, str | None],
    system: System,
    source: str,
    external_id: str,
    reason: str,
    associate: Associate | None = None,
    needs_review: bool = False,
    body: str,
) -> WriteResult:
    """Applies texts, by field, to the fields that `system` owns; what it does not own waits in the exception queue.

    A refused field never holds up the others. Refused are: another value of a field of another system (`not_owner`),
    and a value that is none, that takes away what a sold item needs or that makes two variants one (`invalid`). A
    text that differs from ours in case and spaces alone is news only from the field's owner. What a person says for
    Storehand about an item that is no draft becomes a request for change; so does, with `needs_review`, what they say
    for any other system. Substitutes (a text as the history has it) are no field and need no request.

    `external_id` names, within `source`, what is spoken about (not the message): the same said again is known. `body`
    is what came. Raises UnknownField, and NobodyAsks when a person is missing.
    """
    skus = substitute_skus(values.get(SUBSTITUTES))
    if skus:
        lock_items([item.pk, *Item.objects.filter(sku__in=skus).values_list("pk", flat=True)])
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    judged = _judge(item, {field: text for field, text in values.items() if field != SUBSTITUTES}, system)
    request = None
    requested: tuple[str, ...] = ()
    asks = needs_review or system == System.STOREHAND
    if judged.wanted and asks and item.state != Item.State.DRAFT:
        request, is_new = _ask(item, {field: values[field] for field in judged.wanted}, system, reason, associate)
        requested = tuple(judged.wanted) if is_new else ()
        judged.unchanged += [] if is_new else list(judged.wanted)
        judged.wanted = {}
    if judged.wanted:
        with explained(reason=reason, system=system, associate=associate):
            _save(item, judged)
    if judged.wanted:
        record(
            kind="catalog.fields_written",
            subject=item,
            actor=associate,
            item=item,
            data={"fields": sorted(judged.wanted), "system": system.value, "source": source},
        )
    changed = tuple(judged.wanted)
    if SUBSTITUTES in values:
        changed += _say_substitutes(item, skus, judged, system, reason, associate)
    refused = _hand_over(item, judged.refused, system, source, external_id, body)
    return WriteResult(changed, tuple(judged.unchanged), refused, requested, request)


@dataclass
class _Judged:
    wanted: dict[str, Any]
    unchanged: list[str]
    refused: list[RefusedField]


def _judge(item: Item, values: Mapping[str, str | None], system: System) -> _Judged:
    judged = _Judged({}, [], [])
    by_field = owners()
    for field, text in values.items():
        if field not in EDITABLE_FIELDS:
            raise UnknownField(field=field[:40])
        owner, ours = owner_of(field, by_field), text_of(item, field)
        try:
            value = parse_field(field, text)
            theirs = text_of(candidate_of(item, {field: value}), field)
            if theirs == ours or (owner != system and _alike(theirs, ours)):
                judged.unchanged.append(field)
            elif owner != system:
                judged.refused.append(RefusedField(field, Reason.NOT_OWNER, owner, ours, theirs))
            else:
                if field not in VARIANT_FIELDS:
                    check_candidate(item, candidate_of(item, {field: value}))
                judged.wanted[field] = value
        except Refusal as refusal:
            problem = refusal.facts["problem"] if isinstance(refusal, FieldInvalid) else refusal.headline
            judged.refused.append(_invalid(field, owner, ours, text, problem))
    try:
        # Together: a variant's size may move only because its color does too.
        check_candidate(item, candidate_of(item, _variant_part(judged)))
    except VariantTaken as refusal:
        _refuse_variant(item, judged, refusal)
    return judged


def _save(item: Item, judged: _Judged) -> None:
    try:
        save_fields_locked(item, judged.wanted)
    except VariantTaken as refusal:
        _refuse_variant(item, judged, refusal)
        save_fields_locked(item, judged.wanted)


def _say_substitutes(
    item: Item, skus: list[str], judged: _Judged, system: System, reason: str, associate: Associate | None
) -> tuple[str, ...]:
    """What is changed by it."""
    owner, ours, theirs = owner_of(SUBSTITUTES, owners()), named_substitutes(item), substitutes_text_of(skus)
    if theirs == substitutes_text(ours):
        judged.unchanged.append(SUBSTITUTES)
    elif owner != system:
        judged.refused.append(
            RefusedField(SUBSTITUTES, Reason.NOT_OWNER, owner, substitutes_text(ours) or None, theirs or None)
        )
    else:
        try:
            with transaction.atomic():
                wanted = _named(skus)
                put_substitutes_locked(item, wanted, associate=associate, system=system, reason=reason)
        except Refusal as refusal:
            problem = refusal.facts["problem"] if isinstance(refusal, FieldInvalid) else refusal.headline
            judged.refused.append(_invalid(SUBSTITUTES, owner, substitutes_text(ours) or None, theirs, problem))
        else:
            return (SUBSTITUTES,)
    return ()


def _named(skus: list[str]) -> list[Item]:
    known = {one.sku: one for one in Item.objects.filter(sku__in=skus)}
    for sku in skus:
        if sku not in known:
            problem = _("No item has the SKU {sku}.").format(sku=sku[:40])
            raise FieldInvalid(field=SUBSTITUTES, label=label_of(SUBSTITUTES), problem=problem)
    return [known[sku] for sku in skus]


def _variant_part(judged: _Judged) -> dict[str, Any]:
    return {field: value for field, value in judged.wanted.items() if field in VARIANT_FIELDS}


def _refuse_variant(item: Item, judged: _Judged, refusal: VariantTaken) -> None:
    said = candidate_of(item, judged.wanted)
    stored = Item.objects.get(pk=item.pk)
    by_field = owners()
    for field in _variant_part(judged):
        del judged.wanted[field]
        words = f"{refusal.headline}. {refusal.detail}"
        judged.refused.append(
            _invalid(field, owner_of(field, by_field), text_of(stored, field), text_of(said, field), words)
        )
        setattr(item, field, getattr(stored, field))


def _invalid(field: str, owner: System, ours: str | None, theirs: str | None, problem: str) -> RefusedField:
    # Not every text can be kept: PostgreSQL holds no NUL, and a screen no book.
    shown = "".join(sign if sign.isprintable() else " " for sign in theirs or "")[:THEIRS_LENGTH_MAX]
    return RefusedField(field, Reason.INVALID, owner, ours, shown, problem)


def _alike(one: str | None, other: str | None) -> bool:
    return fold_code(one or "") == fold_code(other or "")


def _ask(
    item: Item, changes: Mapping[str, str | None], system: System, reason: str, associate: Associate | None
) -> tuple[ChangeRequest, bool]:
    """The request, and whether it is new."""
    if associate is None:
        raise NobodyAsks
    try:
        return request_change(item=item, changes=changes, system=system, reason=reason, associate=associate), True
    except AlreadyRequested as refusal:
        return ChangeRequest.objects.get(pk=refusal.facts["request"]), False


def _hand_over(
    item: Item, refused: list[RefusedField], system: System, source: str, external_id: str, body: str
) -> tuple[RefusedField, ...]:
    """Into the exception queue, a field at a time: each may have another answer."""
    if not refused:
        return ()
    ids = [_id_of(item, one, external_id) for one in refused]
    known = tell_refused(
        [
            RefusedWrite(
                source=source,
                external_id=unique,
                topic=TOPIC,
                body=body,
                reason=one.reason,
                facts={
                    "item": item.pk,
                    "code": item.sku,
                    "folded": item.sku,
                    "name": item.name,
                    "system": system.value,
                    "field": one.field,
                    "label": str(label_of(one.field)),
                    "owner": one.owner.value,
                    "ours": one.ours,
                    "theirs": one.theirs,
                    "problem": one.problem,
                },
            )
            for unique, one in zip(ids, refused, strict=True)
        ]
    )
    told = tuple(replace(one, known=unique in known) for unique, one in zip(ids, refused, strict=True))
    if news := [one.field for one in told if not one.known]:
        record(
            kind="catalog.write_refused",
            subject=item,
            item=item,
            data={"fields": sorted(news), "system": system.value, "source": source},
        )
    return told


def _id_of(item: Item, refused: RefusedField, external_id: str) -> str:
    """One for each thing said: another value is another matter, the same value again is not."""
    said = json.dumps([external_id, item.pk, refused.field, refused.theirs])
    return f"{refused.field}:{hashlib.sha256(said.encode()).hexdigest()}"
