"""What the OpenAPI document says of the questions about availability: words, answers, examples."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from stores.sync.api.availability.cursor import LENGTH_MAX
from stores.sync.api.availability.request import CODE_LENGTH_MAX, PAIRS_MAX
from stores.sync.api.availability.serializers import (
    AvailabilityChangesSerializer,
    AvailabilityQuestionSerializer,
    AvailabilitySerializer,
)
from stores.sync.api.described import problems
from stores.sync.api.serializers import Data
from stores.sync.models import ApiKey

# Each example is one that the API takes, or gives in this shape; the tests send and compare them.
QUESTION: Data = {"pairs": [{"store": "CAMDEN", "sku": "IPOD2008RED"}, {"store": "CAMDEN", "sku": "IPOD2008PINK"}]}
AVAILABILITY: Data = {
    "channel": None,
    "availability": [
        {
            "store": "CAMDEN",
            "sku": "IPOD2008RED",
            "status": "ok",
            "atp": 6,
            "sellable": True,
            "on_hand": 10,
            "reserved": 2,
            "unsellable": 2,
            "safety_stock": 0,
        },
        {
            "store": "CAMDEN",
            "sku": "IPOD2008PINK",
            "status": "unknown_sku",
            "atp": 0,
            "sellable": False,
            "on_hand": None,
            "reserved": None,
            "unsellable": None,
            "safety_stock": None,
        },
    ],
}
CURSOR = "WyI0YTFkIiwxLFs4OTEyLDBdLFs4OTEyLDAsMF0sbnVsbF0.kq3Vw1d5n0c0w9mXl1m8fH8cQ4yV7bqv3J8bM9aYx2E"
CHANGES: Data = {
    "channel": "web",
    "changes": [
        {
            "store": "CAMDEN",
            "sku": "IPOD2008RED",
            "status": "ok",
            "atp": 5,
            "sellable": True,
            "store_codes": ["shop-7"],
            "sku_codes": [],
        }
    ],
    "next": CURSOR,
    "more": False,
    "poll_seconds": 5,
    "behind_seconds": 0,
}


def _query(name: str, description: str | Promise, example: str, schema: Data | None = None) -> OpenApiParameter:
    return OpenApiParameter(
        name, schema or {"type": "string"}, description=description, examples=[OpenApiExample(name, example)]
    )


CHANNEL = _query(
    "channel",
    _("See what this channel sees. Only for keys without a channel of their own."),
    "web",
    {"type": "string", "maxLength": CODE_LENGTH_MAX},
)
FAULTS = _("A parameter is wrong or missing (`errors` names it).")
BODY_FAULTS = _("The body is not JSON, or a field is wrong (`errors` names it).")
TOO_MANY = _("More than 1,000 pairs (`count` says how many), or the channel is unknown.")
ANSWERED = OpenApiResponse(
    AvailabilitySerializer,
    _("One entry for each pair. Each stands for itself: an unknown code spoils no other."),
    [OpenApiExample("answered", AVAILABILITY)],
)

read_availability = extend_schema(
    operation_id="read_availability",
    summary=_("Ask what can be promised"),
    description=_(
        "Up to 1,000 pairs of store and item as `pairs`, or as `store` and `sku`, each with each; or one `sku` alone, "
        "for every store.\n\n"
        "An address may have 4,094 bytes in all, about 200 pairs: send more, and codes with commas or colons, by "
        "`POST`. The answer is true at its moment and must not be cached; who wants to know everything follows the "
        "changes."
    ),
    parameters=[
        _query("pairs", _("`STORE:SKU`, with commas between them."), "CAMDEN:IPOD2008RED,CAMDEN:IPOD2008PINK"),
        _query("store", _("Codes of stores, yours or ours, with commas between them."), "CAMDEN,LEEDS"),
        _query("sku", _("Codes of items, yours or ours, with commas between them."), "IPOD2008RED"),
        _query(
            "near", _("`latitude,longitude` in degrees, with one `sku` alone: the nearest store first."), "51.54,-0.14"
        ),
        CHANNEL,
    ],
    responses={200: ANSWERED, **problems(ApiKey.Verb.AVAILABILITY_READ, {400: FAULTS, 422: TOO_MANY})},
)
ask_availability = extend_schema(
    operation_id="ask_availability",
    summary=_("Ask what can be promised, for many pairs"),
    description=_(
        "The same by a body, of any length and with any codes. It changes nothing and needs no key of its own."
    ),
    request=AvailabilityQuestionSerializer,
    examples=[OpenApiExample("question", QUESTION, request_only=True)],
    responses={
        200: ANSWERED,
        **problems(
            ApiKey.Verb.AVAILABILITY_READ,
            {
                400: BODY_FAULTS,
                413: _("The body is too large."),
                415: _("The body is not `application/json`."),
                422: TOO_MANY,
            },
        ),
    },
)
follow_availability = extend_schema(
    operation_id="follow_availability",
    summary=_("Follow what can be promised"),
    description=_(
        "Ask without `after` and you are told everything there is, page by page; go on with each answer's `next`, and "
        "from then on you are told what has changed. Nothing is ever left out: each pair comes at least once after it "
        "has changed, as it stands then. Apply the changes and keep `next` in one transaction of yours, and you may "
        "stop and go on at any time, however late.\n\n"
        "Bundles come when a component changes; items come when they are put on sale or taken off. When your channel "
        "is given another share you are told everything again, by itself. A page has about `limit` pairs: more only "
        "when one item is in more bundles than that. Keep to the same `store`; another one needs a new start."
    ),
    parameters=[
        _query(
            "limit",
            _("How many pairs at a time."),
            "500",
            {"type": "integer", "minimum": 1, "maximum": PAIRS_MAX, "default": PAIRS_MAX},
        ),
        _query(
            "after",
            _("`next` of the answer before. Leave it out to start."),
            CURSOR,
            {"type": "string", "maxLength": LENGTH_MAX},
        ),
        _query("store", _("Only these stores: codes, yours or ours, with commas between them."), "CAMDEN"),
        CHANNEL,
    ],
    responses={
        200: OpenApiResponse(
            AvailabilityChangesSerializer,
            _("The next page; an empty one when nothing has changed."),
            [OpenApiExample("followed", CHANGES)],
        ),
        **problems(
            ApiKey.Verb.AVAILABILITY_READ,
            {
                400: FAULTS,
                410: _(
                    "The cursor cannot be followed here, as after a restore of our database: start over without it."
                ),
                422: _("A store or the channel is unknown."),
            },
        ),
    },
)
