"""The plan's page: start, aisles, bins, by hand and by file; and the places a list's lines are sorted by."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from picking.queries.floor import path_places, start_of
from stores.journal.models import Event
from stores.models import Bin, BinKind, Store
from stores.staff.models import Role
from tests.architecture.doors import fingerprint
from tests.factories import bin_of, make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

AISLE = {"code": "A", "x_m": "0", "from_y_m": "2", "to_y_m": "12"}
FILE = "bin,aisle,x_m,y_m\nA-01-1,A,,3\nA-02-1,A,0,6\nA-03-2,A,,9.5\nB-01-1,,4,0\nS-01,,-2,0\nS-02,,,\n"


@pytest.fixture
def store() -> Store:
    return make_store("LEEDS")


@pytest.fixture
def boss(store):
    return make_associate(store, role=Role.MANAGER, name="Colin")


@pytest.fixture
def manager(boss, store):
    return signed_in_client(boss, store)


@pytest.fixture
def aisle(manager, store):
    assert post(manager, "aisles/", AISLE).status_code == 200
    return store.aisles.get()


def post(client, address, fields=(), key="k1"):
    # One key for each body, as a browser has it.
    fields = dict(fields)
    named = f"{key}{abs(hash(str(fields) + address))}"[:60]
    return client.post(f"/pick/floor/{address}", fields | {"key": named}, headers={"HX-Request": "true"})


def upload(client, text, key="k1"):
    content = text if isinstance(text, bytes) else text.encode()
    return post(client, "upload/", {"file": SimpleUploadedFile("bins.csv", content)}, key)


def places(store):
    return {
        bin.code: (bin.aisle.code if bin.aisle else "", bin.x_m, bin.y_m)
        for bin in store.bins.filter(x_m__isnull=False).select_related("aisle")
    }


def test_an_empty_plan_says_what_to_do(manager, store, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page = manager.get("/pick/floor/").content.decode()
    assert "Nothing to draw yet" in page
    assert "0 of 6 bins are placed" in page
    assert "TOTE-0001" not in page


def test_a_manager_sets_the_start_and_takes_it_away(manager, boss, store):
    assert post(manager, "start/", {"x_m": "1,25", "y_m": "−2"}).status_code == 200
    store.refresh_from_db()
    assert (store.start_x_m, store.start_y_m) == (1.25, -2.0)
    event = Event.objects.get(kind="picking.floor_changed")
    assert (event.subject, event.actor_id, event.store_id) == (f"store:{store.pk}", boss.pk, store.pk)
    assert event.data == {"start": {"was": [None, None], "became": [1.25, -2.0]}}
    assert "It is so already." in post(manager, "start/", {"x_m": "1.25", "y_m": "-2"}).content.decode()
    assert post(manager, "start/", {"x_m": "", "y_m": ""}).status_code == 200
    store.refresh_from_db()
    assert (store.start_x_m, store.start_y_m) == (None, None)


@pytest.mark.parametrize("wrong", ["x", "1e3", "nan", "inf", "--1", "1.2.3", "2001", "٣", "²", ""])
def test_what_is_no_place_is_refused_and_stays_typed(manager, store, wrong):
    before = fingerprint()
    answer = post(manager, "start/", {"x_m": wrong, "y_m": "4"})
    assert (answer.status_code, answer.context["typed"]["x_m"]) == (422, wrong)
    assert fingerprint() == before


def test_an_aisle_comes_moves_its_bins_and_goes(manager, store, aisle):
    assert (aisle.code, aisle.x_m, aisle.from_y_m, aisle.to_y_m) == ("A", 0.0, 2.0, 12.0)
    bin = bin_of(store, "A-01-1")
    assert post(manager, f"bins/{bin.pk}/", {"aisle": "A", "x_m": "", "y_m": "3"}).status_code == 200
    assert post(manager, f"aisles/{aisle.pk}/", AISLE | {"code": "A1", "x_m": "1.5"}).status_code == 200
    assert places(store) == {"A-01-1": ("A1", 1.5, 3.0)}
    before = fingerprint()
    assert post(manager, f"aisles/{aisle.pk}/remove/").status_code == 409
    # It may not end before its bins do.
    shorter = post(manager, f"aisles/{aisle.pk}/", AISLE | {"from_y_m": "4"})
    assert (shorter.status_code, "A-01-1 would stand outside aisle A" in shorter.content.decode()) == (422, True)
    assert fingerprint() == before
    post(manager, f"bins/{bin.pk}/", {"aisle": "", "x_m": "", "y_m": ""})
    assert post(manager, f"aisles/{aisle.pk}/remove/", key="k2").status_code == 200
    assert (store.aisles.count(), places(store)) == (0, {})
    assert Event.objects.filter(kind="picking.floor_changed").count() == 5


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({}, 409),
        ({"code": ""}, 422),
        ({"code": "A B"}, 422),
        ({"code": "B" * 25}, 422),
        ({"code": "B", "to_y_m": "2"}, 422),
        ({"code": "B", "x_m": ""}, 422),
        ({"code": "B", "from_y_m": "far"}, 422),
    ],
)
def test_an_aisle_that_is_none_is_refused(manager, aisle, wrong, status):
    before = fingerprint()
    assert post(manager, "aisles/", AISLE | wrong, key="k2").status_code == status
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"aisle": "B", "x_m": "", "y_m": "3"}, "No aisle B"),
        ({"aisle": "A", "x_m": "1", "y_m": "3"}, "A-01-1 would stand beside aisle A"),
        ({"aisle": "A", "x_m": "", "y_m": "13"}, "A-01-1 would stand outside aisle A"),
        ({"aisle": "A", "x_m": "0", "y_m": ""}, "That is no place on the plan"),
        ({"aisle": "", "x_m": "1", "y_m": ""}, "That is no place on the plan"),
    ],
)
def test_a_bin_is_placed_only_where_it_can_stand(manager, store, aisle, fields, says):
    before = fingerprint()
    answer = post(manager, f"bins/{bin_of(store, 'A-01-1').pk}/", fields)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert fingerprint() == before


def test_totes_and_the_world_outside_have_no_place(manager, store):
    for code in ("TOTE-0001", "CUSTOMER"):
        assert manager.get(f"/pick/floor/bins/{bin_of(store, code).pk}/").status_code == 404


def test_a_file_places_all_bins_and_comes_back_as_it_was(manager, store, aisle, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        answer = upload(manager, FILE)
    assert "5 bins stand elsewhere now" in answer.content.decode()
    assert places(store) == {
        "A-01-1": ("A", 0.0, 3.0),
        "A-02-1": ("A", 0.0, 6.0),
        "A-03-2": ("A", 0.0, 9.5),
        "B-01-1": ("", 4.0, 0.0),
        "S-01": ("", -2.0, 0.0),
    }
    event = Event.objects.filter(kind="picking.floor_changed").latest("pk")
    assert event.data["bins"]["A-03-2"] == ["A", 0.0, 9.5]
    written = manager.get("/pick/floor/bins.csv")
    assert written["Content-Disposition"] == 'attachment; filename="bins-LEEDS.csv"'
    lines = written.content.decode("utf-8-sig").splitlines()
    assert (lines[0], "A-03-2,A,0,9.5" in lines, "S-02,,," in lines) == ("bin,aisle,x_m,y_m", True, True)
    before = fingerprint()
    assert "0 bins stand elsewhere now" in upload(manager, written.content, "k2").content.decode()
    assert fingerprint() == before
    page = manager.get("/pick/floor/")
    drawing = page.context["drawing"]
    assert (len(drawing.aisles), len(drawing.spots), drawing.start) == (1, 5, None)
    assert "5 of 6 bins are placed" in page.content.decode()
    assert [label.text for label in drawing.labels] == ["A-01-1", "A-02-1", "A-03-2", "B-01-1", "S-01"]
    # However a number was stored, nobody is shown the tail of a binary fraction.
    store.bins.filter(code="S-01").update(y_m=1.0 + 0.8 * 3)
    assert store.bins.get(code="S-01").y_m == 3.4000000000000004
    assert ">3.4</td>" in manager.get("/pick/floor/").text
    assert "S-01,,-2,3.4" in manager.get("/pick/floor/bins.csv").content.decode()


def test_bins_stand_in_the_order_of_their_names(manager, store):
    Bin.objects.create(store=store, code="S-10", kind=BinKind.STAGING, walk_order=1)
    shown = [bin.code for bin in manager.get("/pick/floor/").context["plan"].bins]
    assert shown == ["A-01-1", "A-02-1", "A-03-2", "B-01-1", "S-01", "S-02", "S-10"]


def test_one_wrong_line_and_nothing_is_changed(manager, store, aisle):
    before = fingerprint()
    lines = (
        "y_m;x_m;aisle;bin",
        "3;;A;A-01-1",
        "99;;A;A-02-1",
        "3;;Z;A-03-2",
        "3;;A;A-01-1",
        "1;1;;NOWHERE",
        "x;1;;S-01",
    )
    wrong = "\n".join([*lines, ";;;TOTE-0001"])
    answer = upload(manager, wrong)
    assert answer.status_code == 422
    assert [(one.line, one.words.partition(".")[0]) for one in answer.context["problems"]] == [
        (3, "A-02-1 would stand outside aisle A"),
        (4, "No aisle Z"),
        (5, "A-01-1 stands in line 2 already"),
        (6, "No bin NOWHERE has a place on the plan"),
        (7, "That is no place on the plan"),
        (8, "No bin TOTE-0001 has a place on the plan"),
    ]
    assert "Wrong lines: 6." in answer.content.decode()
    assert fingerprint() == before


@pytest.mark.parametrize("content", ["", "bin,aisle\nA-01-1,A\n", b"\xff\xfe\x00", b"PK\x03\x04", "x" * 600_000])
def test_what_is_no_list_of_bins_is_refused(manager, store, content):
    before = fingerprint()
    assert upload(manager, content).status_code == 422
    assert post(manager, "upload/", key="none").status_code == 422
    assert fingerprint() == before


def test_spaniards_get_a_plan_that_can_be_drawn(manager, boss, store, aisle):
    upload(manager, FILE)
    type(boss).objects.filter(pk=boss.pk).update(language="es")
    page = manager.get("/pick/floor/", headers={"Accept-Language": "es"}).content.decode()
    assert 'viewBox="0 0 242.4' in page
    assert "9.5" in page


def test_only_managers_see_it(store):
    lead = signed_in_client(make_associate(store, role=Role.LEAD), store)
    assert lead.get("/pick/floor/").status_code == 403
    assert post(lead, "start/", {"x_m": "1", "y_m": "1"}).status_code == 403


def stops(store, *wanted):
    return [(bin_of(store, code).pk, phase) for code, phase in wanted]


def walked(store, *wanted):
    found = path_places(store, stops(store, *wanted))
    codes = dict(store.bins.values_list("pk", "code"))
    return [codes[pk] for pk, _phase in sorted(found, key=lambda stop: found[stop])]


def test_lines_are_walked_the_shortest_way_where_the_plan_is_complete(
    manager, store, aisle, django_assert_max_num_queries
):
    upload(manager, FILE.replace("A-01-1,A,,3", "A-01-1,A,,11").replace("B-01-1,,4,0", "B-01-1,,-2,14"))
    everything = (("A-01-1", 0), ("A-02-1", 0), ("A-03-2", 0), ("B-01-1", 0))
    with django_assert_max_num_queries(9):
        assert walked(store, *everything) in (
            ["A-02-1", "A-03-2", "A-01-1", "B-01-1"],
            ["B-01-1", "A-01-1", "A-03-2", "A-02-1"],
        )
    # The same bin twice: for what is ordinary, and last for what is cold.
    assert walked(store, ("A-01-1", 2), ("A-01-1", 0), ("B-01-1", 1)) == ["A-01-1", "B-01-1", "A-01-1"]


def test_one_bin_without_a_place_and_the_list_keeps_the_walking_order(manager, store, aisle):
    upload(manager, FILE.replace("A-01-1,A,,3", "A-01-1,A,,11").replace("B-01-1,,4,0", "B-01-1,,,"))
    assert walked(store, ("B-01-1", 0), ("A-01-1", 0), ("A-03-2", 1), ("A-02-1", 0)) == [
        "A-01-1",
        "A-02-1",
        "B-01-1",
        "A-03-2",
    ]
    # Which other bins have none does not matter.
    assert walked(store, ("A-01-1", 0), ("A-02-1", 0), ("A-03-2", 0))[1] == "A-03-2"


def test_places_of_nothing_and_of_another_stores_bins(store):
    other = make_store()
    assert path_places(store, []) == {}
    assert path_places(store, stops(other, ("A-01-1", 0))) == {}


def test_walks_begin_at_the_start_or_else_where_goods_are_staged(manager, store, aisle):
    assert start_of(store) is None
    upload(manager, FILE)
    place = start_of(store)
    assert place is not None
    assert (place.x_m, place.y_m) == (-2.0, 0.0)
    post(manager, "start/", {"x_m": "1", "y_m": "1"})
    store.refresh_from_db()
    place = start_of(store)
    assert place is not None
    assert (place.x_m, place.y_m) == (1.0, 1.0)


def test_another_stores_plan_is_not_there(store, aisle):
    other = make_store("YORK")
    stranger = signed_in_client(make_associate(other, role=Role.MANAGER), other)
    before = fingerprint()
    bin = bin_of(store, "A-01-1")
    for address in (f"bins/{bin.pk}/", f"aisles/{aisle.pk}/", f"aisles/{aisle.pk}/remove/"):
        assert post(stranger, address, AISLE | {"aisle": "A"}).status_code == 404
    assert stranger.get(f"/pick/floor/bins/{bin.pk}/").status_code == 404
    # A file names bins of its own store alone.
    assert upload(stranger, "bin,aisle,x_m,y_m\nA-01-1,A,,3\n").status_code == 422
    after = fingerprint()
    assert {name for name in after if after[name] != before[name]} == set()
