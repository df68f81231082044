"""The import's pages: upload, progress that can be left and come back to, and the sums that add up on it."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stores.catalog.actions.run_import import run_import
from stores.catalog.models import Item, ItemImport
from stores.journal import wakeups
from stores.staff.models import Role
from tests.catalog.importing import retail_files, sales
from tests.factories import make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db
LINES = sales(("71053", "LANTERN", "3.39"), ("71053", "LANTERN", "3.39"), ("POST", "POSTAGE", "18"))


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[tuple[object, ...]]:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(wakeups, "_send", lambda task, args: sent.append((task, *args)))
    monkeypatch.setattr(wakeups, "_publish", lambda store_id, kind: None)
    return sent


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def browser(store):
    return signed_in_client(make_associate(store, role=Role.LEAD, name="Lena"), store)


def upload(browser, *contents: bytes, key: str = "", htmx: bool = False, **fields: str):
    given = [SimpleUploadedFile(f"day{number}.csv", content) for number, content in enumerate(contents)]
    return browser.post(
        "/catalog/imports/",
        {"key": key or str(uuid4()), "system": "pos", "files": given, **fields},
        headers={"HX-Request": "true"} if htmx else {},
    )


def count_on(page: str, name: str) -> int:
    found = re.search(rf'id="{name}">(\d+)<', page)
    assert found
    return int(found[1])


@pytest.mark.parametrize(("role", "reviewed"), [(Role.LEAD, True), (Role.MANAGER, False)])
def test_only_a_managers_file_changes_what_is_on_sale_by_itself(store, role, reviewed):
    upload(signed_in_client(make_associate(store, role=role), store), LINES.encode())
    assert ItemImport.objects.get().needs_review is reviewed


def test_files_are_taken_in_and_their_progress_can_be_left_and_come_back_to(
    browser, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(browser, LINES.encode(), htmx=True)
    item_import = ItemImport.objects.get()
    url = f"/catalog/imports/{item_import.pk}/"
    assert answer.headers["HX-Redirect"] == url
    assert woken == [("stores.catalog.tasks.import_items", item_import.pk)]
    waiting = browser.get(url).content.decode()
    assert "Waits for its turn" in waiting
    assert f'hx-get="{url}" hx-trigger="load delay:1s, every 5s"' in waiting

    run_import(pk=item_import.pk)

    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    names = ("count-added", "count-changed", "count-repeated", "count-refused", "count-known")
    assert [count_on(part, name) for name in names] == [1, 0, 1, 1, 0]
    assert count_on(part, "count-together") == count_on(part, "lines-read") == 3
    assert "Not goods" in part
    assert "day0.csv, line 4" in part
    assert f"/exceptions/items/pos/no_goods/?import={item_import.pk}" in part
    assert "?state=draft" in part
    assert url in browser.get("/catalog/imports/").content.decode()


def test_it_works_without_javascript(browser):
    answer = upload(browser, LINES.encode(), LINES.encode())
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Look again" in page
    assert ItemImport.objects.get().files.count() == 2


def test_the_same_tap_twice_is_one_import(browser):
    first, second = (upload(browser, LINES.encode(), key="one-tap") for _tap in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert ItemImport.objects.count() == 1


@pytest.mark.parametrize(
    ("contents", "fields", "words"),
    [
        ([], {}, "Choose at least one file"),
        ([b"no heading"], {}, "day0.csv cannot be read"),
        ([LINES.encode()], {"system": "nobody"}, 'id="system-error"'),
        ([b"\x89PNG\r\n\x1a\n\0\0,,,"], {}, "It is no table"),
        ([b"Dear all,\nplease add tea.\n"], {}, "Its first line must name the columns"),
        ([b"Dear all\nplease add tea\n"], {}, "It is no table"),
        ([LINES.encode()] * 21, {}, "Too many files"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_cannot_be_taken_in_is_said_on_the_page(browser, contents, fields, words, htmx):
    answer = upload(browser, *contents, htmx=htmx, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ItemImport.objects.exists()


def test_it_is_for_leads(store):
    associate = signed_in_client(make_associate(store), store)
    assert upload(associate, LINES.encode()).status_code == 403
    for path in ("imports/", "export/", "export/items.csv", "export/items.xlsx"):
        assert associate.get(f"/catalog/{path}").status_code == 403
    assert not ItemImport.objects.exists()


def test_an_import_nobody_made_is_not_found(browser):
    assert browser.get("/catalog/imports/999/").status_code == 404
    assert browser.post("/catalog/imports/999/again/", {"key": "x"}).status_code == 404


def test_what_stopped_says_why_and_can_be_tried_again(browser, woken, django_capture_on_commit_callbacks):
    upload(browser, LINES.encode())
    item_import = ItemImport.objects.get()
    item_import.failed("WorkerLost")
    url = f"/catalog/imports/{item_import.pk}/"
    assert "Something broke" in browser.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(f"{url}again/", {"key": "again"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert woken == [("stores.catalog.tasks.import_items", item_import.pk)]
    run_import(pk=item_import.pk)
    assert Item.objects.count() == 1
    assert browser.post(f"{url}again/", {"key": "twice"}).status_code == 409


def test_settled_lines_are_offered_no_more(browser):
    upload(browser, LINES.encode())
    first = ItemImport.objects.get()
    run_import(pk=first.pk)
    upload(browser, LINES.encode())
    second = ItemImport.objects.latest("pk")
    run_import(pk=second.pk)
    url = "/exceptions/items/pos/no_goods/"

    page = browser.get(f"/catalog/imports/{first.pk}/").content.decode()
    assert f'{url}?import={first.pk}">Settle them<' in page
    page = browser.get(f"/catalog/imports/{second.pk}/").content.decode()
    assert f'{url}">1 from other imports waits<' in page

    browser.post(f"{url}settle", {"key": "k", "do": "dismiss", "all": "1", "reason": "A fee"})
    for one in (first, second):
        page = browser.get(f"/catalog/imports/{one.pk}/").content.decode()
        assert "All are settled." in page
        assert url not in page


def test_the_list_tells_of_changed_items(browser):
    make_item("Lantern", sku="71053")
    upload(browser, b"sku,name\n71053,Lamp\n", system="storehand")
    run_import(pk=ItemImport.objects.get().pk)
    page = browser.get("/catalog/imports/").content.decode()
    assert "1 changed or asked for" in page
    assert "Nothing new" not in page


def test_who_approves_the_drafts_is_said(browser, store):
    upload(browser, LINES.encode())
    done = ItemImport.objects.get()
    run_import(pk=done.pk)
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    page = browser.get(f"/catalog/imports/{done.pk}/").content.decode()
    assert "A manager approves them." in page
    assert "approve them<" not in page
    assert "Look at the drafts and approve them<" in manager.get(f"/catalog/imports/{done.pk}/").content.decode()


def test_pages_need_as_many_queries_for_many_as_for_one(browser, django_assert_num_queries):
    for _time in range(4):
        upload(browser, LINES.encode())
    done = ItemImport.objects.first()
    assert done
    # The session, the imports.
    with django_assert_num_queries(2):
        browser.get("/catalog/imports/")
    with django_assert_num_queries(2):
        browser.get(f"/catalog/imports/{done.pk}/")
    run_import(pk=done.pk)
    # The session, the import, its counts, what waits of it, its files, samples of one reason.
    with django_assert_num_queries(6):
        browser.get(f"/catalog/imports/{done.pk}/")


def test_the_whole_sample_through_the_page(browser):
    answer = upload(browser, *(file.content for file in retail_files()))
    item_import = ItemImport.objects.get()
    run_import(pk=item_import.pk)
    page = browser.get(answer.headers["Location"]).content.decode()
    names = ("count-added", "count-changed", "count-repeated", "count-refused", "count-known", "count-together")
    assert [count_on(page, name) for name in names] == [2269, 0, 14460, 256, 0, 16985]
