"""Answers are kept as they were given, whatever came with the question."""

from uuid import uuid4

import pytest

from stores.journal.actions.answer_once import answer_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no such bin: A\x00B", "no such bin: A�B"),
        ("two\x00\x00", "two��"),
        ("a backslash before: \\\x00", "a backslash before: \\�"),
        ("the letters \\u0000 themselves", "the letters \\u0000 themselves"),
    ],
)
def test_an_answer_may_quote_a_nul(said: str, kept: str) -> None:
    key = str(uuid4())
    for repeated in (False, True):
        outcome = answer_once(
            scope="test", key=key, body=["/"], act=lambda: {"said": said}, on_refusal=lambda _refusal: {}
        )
        assert outcome.repeated is repeated
    assert outcome.answer == {"said": kept}
