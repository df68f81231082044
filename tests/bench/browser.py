"""One handheld: enrolled and signed in as a person would be, then its requests for the load."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

from tests.bench.load import KEY, Request
from tests.bench.urls import NOTHING
from tests.bench.world import Work
from tests.factories import PIN

HOST = settings.ALLOWED_HOSTS[0]
ORIGIN = f"https://{HOST}"
# What Chromium on a handheld sends with htmx's requests.
HEADERS = {
    "Host": HOST,
    "X-Forwarded-Proto": "https",
    "User-Agent": "Mozilla/5.0 (Linux; Android 13; TC26) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile",
    "Accept": "text/html",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
    "Connection": "keep-alive",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}
TOKEN = re.compile(r'x-csrftoken": "([^"]+)"')
PICKED = 'data-tone="yes"'


class NotSignedIn(Exception):
    """The way in did not go as it should; the message has the answer."""


@dataclass
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def enrol(self, code: str, *, name: str) -> None:
        self.get(f"/enrol/{code}/")
        self.post(f"/enrol/{code}/", {"name": name, "csrfmiddlewaretoken": self.token}, expect=303)

    def sign_in(self, badge: str) -> None:
        self.get("/sign-in/")
        self.post("/sign-in/", {"badge": badge, "pin": PIN, "csrfmiddlewaretoken": self.token}, expect=303)

    def begin(self, work: Work) -> None:
        """Claims the list and scans tote and bin, after which every scan of the item is a pick."""
        path = f"/pick/{work.list_pk}/"
        self.get(path)  # Signing in has changed the token.
        self.post(f"{path}start/", {"key": str(uuid4())}, expect=303)
        for code in (work.tote_code, work.bin_code):
            answer = self.post(
                f"{path}scan/", {"code": code, "key": str(uuid4())}, expect=200, headers=self._htmx(path)
            )
            if PICKED not in answer:
                raise NotSignedIn(answer)

    def scan(self, work: Work) -> Request:
        path = f"/pick/{work.list_pk}/"
        form = {"code": work.gtin, "key": KEY, "scanned_at": "2026-03-02T09:30:00.000Z"}
        return Request(self._text("POST", f"{path}scan/", form, FORM | self._htmx(path)), PICKED)

    def nothing(self) -> Request:
        return Request(self._text("GET", NOTHING, None, self._htmx(NOTHING)), "nothing")

    def get(self, path: str, *, headers: dict[str, str] | None = None) -> str:
        return self._send("GET", path, None, headers or {}, expect=200)

    def post(self, path: str, form: dict[str, str], *, expect: int, headers: dict[str, str] | None = None) -> str:
        return self._send("POST", path, form, FORM | {"X-CSRFToken": self.token} | (headers or {}), expect=expect)

    def _htmx(self, path: str) -> dict[str, str]:
        return {
            "HX-Request": "true",
            "HX-Target": "screen",
            "HX-Current-URL": f"{ORIGIN}{path}",
            "X-CSRFToken": self.token,
            "Referer": f"{ORIGIN}{path}",
        }

    def _send(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str], *, expect: int
    ) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        body = urlencode(form) if form is not None else None
        connection.request(method, path, body, HEADERS | {"Cookie": self._cookie()} | headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.status != expect:
            raise NotSignedIn(f"{method} {path} was answered {response.status}:\n{text[:2000]}")
        if found := TOKEN.search(text):
            self.token = found[1]
        return text

    def _text(self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]) -> str:
        body = urlencode(form) if form is not None else ""
        sent = HEADERS | {"Cookie": self._cookie()} | headers
        if form is not None:
            sent["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        return "\r\n".join(lines) + f"\r\n\r\n{body}"

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
