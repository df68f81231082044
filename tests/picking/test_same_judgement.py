"""The device judges scans as the server does: the same random walks on both, step by step."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, sync_playwright

from stores.handheld.work_texts import work_texts
from tests.picking.twin import WORDS_OF_ITS_OWN, Case, Twin
from tests.ui.conftest import FLAGS

MODULES = Path(__file__).resolve().parents[2] / "static" / "js"
WALKS = 24
# Of an item that is on no list the device knows only that.
ELSEWHERE = {"wrong_item", "unknown_code", "already_complete"}
# A refusal whose words are the server's own, to the letter.
REFUSED_ALIKE = {
    "goes_back",
    "short_stays",
    "wrong_tote",
    "nothing_to_undo",
    "item_later",
    "too_many",
    "tote_in_use",
    "lines_open",
    "already_complete",
    "was_short",
}
JUDGE = """
async ({ works, posts }) => {
  const { stateOf, applied } = await import("/js/offline/state.js");
  const { linesDone, linesWanted } = await import("/js/offline/walk.js");
  const { bandOf } = await import("/js/offline/judged.js");
  let state = stateOf(works);
  return posts.map((post) => {
    const judged = applied(state, post);
    state = judged.state;
    const walk = Object.values(state.lists)[0];
    const counts = walk.lines.map((line) => [line.picked, line.short]);
    const totes = walk.parts.map((part) => part.totes);
    const lines = [linesDone(walk), linesWanted(walk)];
    const { tone, title, detail } = bandOf(judged, walk.pk);
    const code = judged.queue ? "" : judged.code;
    return { code, counts, lines, totes, ended: Boolean(walk.ended), tone, title, detail };
  });
}
"""


def judged_on_device(cases: list[Case]) -> list[list[dict[str, Any]]]:
    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/js/")[2]
        if name.endswith(".js"):
            route.fulfill(body=(MODULES / name).read_text(), content_type="text/javascript")
        else:
            words = json.dumps(work_texts())
            route.fulfill(
                body=f'<script type="application/json" id="work-texts">{words}</script>', content_type="text/html"
            )

    path = os.environ.get("STOREHAND_CHROMIUM") or shutil.which("chromium") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto("http://device.test/")
        found = [page.evaluate(JUDGE, {"works": case.works, "posts": case.posts}) for case in cases]
        browser.close()
    return found


@pytest.mark.django_db
def test_device_and_server_judge_alike() -> None:
    cases = [case for seed in range(WALKS) for case in Twin(seed).walk_on()]
    seen: set[str] = set()
    for number, (case, judged) in enumerate(zip(cases, judged_on_device(cases), strict=True)):
        for step, (post, server, device) in enumerate(zip(case.posts, case.answers, judged, strict=True)):
            where = f"walk {number}, step {step}: {post}"
            refused = server["refused"]
            known = "not_on_list" if device["code"] == "not_on_list" and refused in ELSEWHERE else refused
            assert (device["code"], where) == (known, where)
            same = () if server["more"] else ("counts", "lines", "totes", "ended")
            assert {name: device[name] for name in same} == {name: server[name] for name in same}, where
            if server["band"]:
                detail = WORDS_OF_ITS_OWN if server["band"][2] == WORDS_OF_ITS_OWN else device["detail"]
                assert [device["tone"], device["title"], detail] == server["band"], where
            if refused in REFUSED_ALIKE and device["code"] == refused:
                assert [device["tone"], device["title"], device["detail"]] == server["refusal"], where
            seen.add(refused or f"done {post['url'].rsplit('/', 2)[-2]}")
            if refused == "wrong_tote" and server["at_end"]:
                seen.add("wrong_tote at the end")
            if server["band"] and server["band"][2].startswith("What you pick goes into"):
                seen.add("undone: a tote taken on the way")
    # The walks have met what there is to meet.
    assert seen >= {
        "done scan", "done quantity", "done undo", "done finish", "tote_first", "not_a_tote", "tote_in_use",
        "bin_first", "wrong_bin", "wrong_item", "item_later", "already_complete", "line_withdrawn", "too_many",
        "unknown_code", "wrong_check_digit", "wrong_tote", "lines_open", "nothing_to_undo", "detail_first",
        "one_by_one", "done short", "goes_back", "short_stays", "wrong_tote at the end",
        "weight_unlikely", "date_invalid", "undone: a tote taken on the way",
    }, seen  # fmt: skip
