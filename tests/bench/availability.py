"""Row 4: what can be promised, asked for one pair and for a hundred, by the API and by its statement alone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from stores.models import Store
from stores.stock.models import Availability
from stores.stock.queries.promised_at import promised_by_codes
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey
from tests.bench.browser import HEADERS, Browser
from tests.bench.load import Request
from tests.bench.report import Result
from tests.bench.rounds import Arm, ratio
from tests.bench.workers import Report, Worker, run_together
from tests.factories import make_item, make_store, stock_up

BULK = 100
STORES = 10
# Rows that nobody asks for, so that there is something to find a pair among.
OTHER_ROWS = 20_000
SOURCE = "bench"
_OTHERS_SQL = """
WITH made AS (
    INSERT INTO catalog_item (sku, name, price, currency)
    SELECT 'OTHER-' || n, 'Other ' || n, 1, 'GBP' FROM generate_series(1, %(items)s) n RETURNING id
)
INSERT INTO stock_availability (store_id, item_id) SELECT store.id, made.id FROM made, stores_store store
WHERE store.code = ANY(%(stores)s)
"""


@dataclass(frozen=True)
class Question:
    """The same pairs for both roads: a request, and the statement that the product makes of it."""

    request: Request
    statement: dict[str, Any]


def build_questions(port: int) -> tuple[Question, Question]:
    """One pair; `BULK` pairs. All can be promised."""
    stores = [make_store(f"ATP-{number}") for number in range(STORES)]
    items = [make_item(sku=f"ATP-{number:03}") for number in range(BULK // STORES)]
    for store in stores:
        for item in items:
            stock_up(store, item, 10)
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS_SQL, {"items": OTHER_ROWS // STORES, "stores": [store.code for store in stores]})
        cursor.execute("ANALYZE catalog_item, stock_availability")
    assert Availability.objects.count() > OTHER_ROWS
    token = make_api_key(name=SOURCE, source=SOURCE, verbs=[ApiKey.Verb.AVAILABILITY_READ])
    pairs = [(store, item.sku) for store in stores for item in items]
    return _question(port, token, pairs[BULK // 2 :][:1]), _question(port, token, pairs)


def availability_arms(questions: tuple[Question, Question], port: int, load: Worker, query: Worker) -> list[Arm]:
    one, bulk = questions
    return [
        Arm("availability, 1 pair", _requests(load, port, one)),
        Arm(f"availability, {BULK} pairs", _requests(load, port, bulk)),
        Arm("its statement alone, 1 pair", _statements(query, one)),
        Arm(f"its statement alone, {BULK} pairs", _statements(query, bulk)),
    ]


def availability_results(arms: list[Arm]) -> list[Result]:
    one, bulk, bare_one, bare_bulk = ([each.rate for each in arm.slices] for arm in arms)
    pairs = [rate * BULK for rate in bulk]
    return [
        Result(4, f"pairs per second, {BULK} in a call / 1 in a call", 25, False, ratio(pairs, one)),
        Result(4, "calls per second, 1 pair / its statement alone", None, False, ratio(one, bare_one)),
        Result(4, f"calls per second, {BULK} pairs / its statement alone", None, False, ratio(bulk, bare_bulk)),
    ]


def _question(port: int, token: str, pairs: list[tuple[Store, str]]) -> Question:
    path = "/api/v1/availability?pairs=" + ",".join(f"{store.code}:{sku}" for store, sku in pairs)
    headers = HEADERS | {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    # Nothing moves while this is measured, so every answer is the first one to the letter.
    expected = Browser(port).get(path, headers=headers)
    if expected.count('"status": "ok"') != len(pairs):
        raise RuntimeError(expected[:2000])
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return Question(Request("\r\n".join(lines) + "\r\n\r\n", expected), _statement(pairs))


def _statement(pairs: list[tuple[Store, str]]) -> dict[str, Any]:
    """As the product executes it."""
    executed: dict[str, Any] = {"rows": len(pairs)}

    def keep(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        executed.update(sql=sql, parameters=parameters)
        return execute(sql, parameters, many, context)

    stores, skus = ([*dict.fromkeys(codes)] for codes in zip(*((store.code, sku) for store, sku in pairs), strict=True))
    places = [(stores.index(store.code), skus.index(sku)) for store, sku in pairs]
    with connection.execute_wrapper(keep):
        promised_by_codes(source=SOURCE, stores=stores, skus=skus, pairs=places)
    return executed


def _requests(load: Worker, port: int, question: Question) -> Callable[[float], list[Report]]:
    task = {"port": port, "requests": [asdict(question.request)]}
    return lambda seconds: run_together([load], [task | {"seconds": seconds}])


def _statements(query: Worker, question: Question) -> Callable[[float], list[Report]]:
    return lambda seconds: run_together([query], [question.statement | {"seconds": seconds}])
