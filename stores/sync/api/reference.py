"""The OpenAPI document as a person reads it: operations, their fields, one example each. Knows nothing of orders."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Schema = dict[str, Any]

METHODS = ("get", "put", "post", "patch", "delete")
BODY_FILE = "body.json"  # What the examples call the file with their body.


@dataclass(frozen=True)
class Field:
    """One row of a table: a field of a body, or a parameter with its `place` (path, query or header) and example.

    `parents` is the path to it (`lines[].`); `limits` and `description` may hold `code`.
    """

    name: str
    kind: str
    required: bool
    limits: list[str]
    description: str
    parents: str = ""
    depth: int = 0
    place: str = ""
    example: str = ""


@dataclass(frozen=True)
class Answer:
    """`shape` names the schema of its body."""

    status: str
    media_type: str
    shape: str
    description: str
    example: str

    @property
    def good(self) -> bool:
        return self.status.startswith("2")


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body_type: str
    body: list[Field]
    body_example: str
    answers: list[Answer]
    curl: str


@dataclass(frozen=True)
class Shape:
    """What answers are made of, told once for all operations, with the first example that one of them gives."""

    name: str
    media_type: str
    good: bool
    description: str
    fields: list[Field]
    example: str


class Reference:
    """Reads one document; `origin` (`https://storehand.example`) goes into its examples."""

    def __init__(self, document: Schema, *, origin: str) -> None:
        self.document = document
        self.origin = origin
        self.info: Schema = document["info"]
        components: Schema = document["components"]
        self._schemas: Schema = components["schemas"]
        self.scheme: Schema = next(iter(components["securitySchemes"].values()))

    @property
    def authorization(self) -> str:
        """The header that proves who calls."""
        return f"Authorization: {self.scheme['scheme'].capitalize()} {self.scheme['bearerFormat']}"

    def operations(self) -> list[Operation]:
        """Those that write come first: nothing can be read before something was written."""
        found = [
            self._operation(path, method, item[method])
            for path, item in self.document["paths"].items()
            for method in METHODS
            if method in item
        ]
        return sorted(found, key=lambda operation: operation.method == "GET")

    def headers(self) -> list[Field]:
        """The headers that operations ask for, each once."""
        found = (one for operation in self.operations() for one in operation.parameters if one.place == "header")
        return list({header.name: header for header in found}.values())

    def shapes(self) -> list[Shape]:
        """The schemas of all answers, each once, in the order in which they are met."""
        found: dict[str, Shape] = {}
        for answer in (one for operation in self.operations() for one in operation.answers if one.shape):
            before = found.get(answer.shape)
            schema = self._schemas[answer.shape]
            found[answer.shape] = Shape(
                name=answer.shape,
                media_type=answer.media_type,
                good=answer.good,
                description=schema.get("description", ""),
                fields=list(self._fields(schema)),
                example=before.example if before and before.example else answer.example,
            )
        return list(found.values())

    def _operation(self, path: str, method: str, told: Schema) -> Operation:
        parameters = [self._parameter(one) for one in told.get("parameters", [])]
        body_type, body = _content(told.get("requestBody", {}))
        body_example = _example(body)
        return Operation(
            name=told["operationId"],
            method=method.upper(),
            path=path,
            summary=told.get("summary", ""),
            description=told.get("description", ""),
            parameters=parameters,
            body_type=body_type,
            body=list(self._fields(body.get("schema", {}))),
            body_example=body_example,
            answers=[self._answer(status, one) for status, one in sorted(told["responses"].items())],
            curl=self._curl(method.upper(), path, parameters, body_type),
        )

    def _parameter(self, told: Schema) -> Field:
        described = {**told["schema"], "description": told.get("description", "")}
        required = told.get("required", False)
        return self._field(told["name"], described, required=required, place=told["in"], example=_example(told))

    def _answer(self, status: str, told: Schema) -> Answer:
        media_type, body = _content(told)
        shape = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
        return Answer(status, media_type, shape, told.get("description", ""), _example(body))

    def _fields(self, schema: Schema, parents: str = "", depth: int = 0) -> Iterator[Field]:
        """Every field of an object, each followed by its own fields."""
        whole = self._resolved(schema)
        for name, inner in whole.get("properties", {}).items():
            yield self._field(name, inner, parents=parents, depth=depth, required=name in whole.get("required", []))
            within = self._resolved(inner)
            listed = "items" in within
            yield from self._fields(within.get("items", within), f"{parents}{name}{'[]' if listed else ''}.", depth + 1)

    def _field(
        self,
        name: str,
        schema: Schema,
        *,
        required: bool,
        parents: str = "",
        depth: int = 0,
        place: str = "",
        example: str = "",
    ) -> Field:
        whole = self._resolved(schema)
        return Field(
            name=name,
            kind=self._kind(whole),
            required=required,
            limits=_limits(whole),
            description=whole.get("description", ""),
            parents=parents,
            depth=depth,
            place=place,
            example=example,
        )

    def _resolved(self, schema: Schema) -> Schema:
        """The schema with what it refers to and consists of put into one."""
        whole: Schema = {}
        if "$ref" in schema:
            whole |= self._resolved(self._schemas[schema["$ref"].rpartition("/")[2]])
        # A string that may be left blank is written as a choice between the string and an empty one.
        choices = [one for one in schema.get("oneOf", []) if one.get("maxLength") != 0]
        for part in (*schema.get("allOf", []), *choices[:1]):
            whole |= self._resolved(part)
        return whole | {key: value for key, value in schema.items() if key not in {"$ref", "allOf", "oneOf"}}

    def _kind(self, whole: Schema) -> str:
        """In the document's own words, which are the same in every language."""
        kind: str = whole.get("type", "")
        if kind == "array":
            kind = f"array of {self._kind(self._resolved(whole['items']))}"
        if "format" in whole:
            kind = f"{kind} ({whole['format']})"
        return f"{kind} or null" if whole.get("nullable") else kind

    def _curl(self, method: str, path: str, parameters: list[Field], body_type: str) -> str:
        """One header a line, each value quoted for a shell."""
        query = {}
        headers = [self.authorization]
        asked_for = [one for one in parameters if one.place == "query"]
        # Questions that can be put in several ways show the first.
        needed = [one for one in asked_for if one.required] or asked_for[:1]
        for parameter in [*needed, *(one for one in parameters if one.place != "query")]:
            match parameter.place:
                case "path":
                    path = path.replace(f"{{{parameter.name}}}", quote(parameter.example))
                case "query":
                    query[parameter.name] = parameter.example
                case "header":
                    headers.append(f"{parameter.name}: {parameter.example}")
        address = f"{self.origin}{path}?{urlencode(query)}" if query else f"{self.origin}{path}"
        asked = "curl" if method == "GET" else f"curl -X {method}"
        if body_type:
            headers.append(f"Content-Type: {body_type}")
        lines = [f"{asked} {shlex.quote(address)}", *(f"-H {shlex.quote(header)}" for header in headers)]
        if body_type:
            lines.append(f"-d @{BODY_FILE}")
        return " \\\n  ".join(lines)


def _content(told: Schema) -> tuple[str, Schema]:
    """Media type and what is told of it; every operation here has one. Both are empty where there is no body."""
    content: dict[str, Schema] = told.get("content", {})
    return next(iter(content.items()), ("", {}))


def _limits(whole: Schema) -> list[str]:
    """What a value must keep to, in words; empty when its type says all."""
    found = []
    values = [f"`{value}`" for value in whole.get("enum", [])]
    # A description mostly lists them already, with what each means.
    if not all(value in whole.get("description", "") for value in values):
        found.append(_("one of {values}").format(values=", ".join(values)))
    if (most := whole.get("maxLength")) is not None:
        found.append(ngettext("up to {n} character", "up to {n} characters", most).format(n=most))
    if (least := whole.get("minLength", 0)) > 0:
        found.append(ngettext("at least {n} character", "at least {n} characters", least).format(n=least))
    low, high = whole.get("minimum"), whole.get("maximum")
    if low is not None and high is not None:
        found.append(_("{low} to {high}").format(low=low, high=high))
    elif low is not None:
        found.append(_("{low} or more").format(low=low))
    elif high is not None:
        found.append(_("up to {high}").format(high=high))
    if (most := whole.get("maxItems")) is not None:
        found.append(_("{low} to {high} entries").format(low=whole.get("minItems", 0), high=most))
    if "pattern" in whole:
        found.append(_("pattern {pattern}").format(pattern=f"`{whole['pattern']}`"))
    if "default" in whole:
        found.append(_("default {value}").format(value=f"`{json.dumps(whole['default'], ensure_ascii=False)}`"))
    return found


def _example(told: Schema) -> str:
    """The first example, as JSON; a plain text as it is."""
    example = next(iter(told.get("examples", {}).values()), {"value": ""})["value"]
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
