"""The marks by which an article names what its lab measured and proved."""

from __future__ import annotations

import pytest
from engblog.source.marks import CLAIM, CLAIM_AND_SPACE, GIVEN, NUMBER, SOURCE


def test_a_number_and_a_claim_have_a_key_on_one_line() -> None:
    assert [found["key"] for found in NUMBER.finditer("{lab:a.b} {lab:} {lab:a{b} {lab:a\nb}")] == ["a.b", ""]
    assert [found["key"] for found in CLAIM.finditer("{claim:test_a not on Redis 6.2}{claim:x\n}")] == [
        "test_a not on Redis 6.2"
    ]
    assert CLAIM_AND_SPACE.sub("", "It waits.\n {claim:test_a} So.") == "It waits. So."


@pytest.mark.parametrize(
    ("text", "shown"),
    [("9 keys {given:our load}.", "9 keys."), ("9 keys{given:x}", "9 keys"), ("a \n {given:x} b", "a b")],
)
def test_a_reason_goes_with_the_space_before_it(text: str, shown: str) -> None:
    assert GIVEN.sub("", text) == shown


def test_a_source_is_any_of_them_or_a_footnote() -> None:
    text = "{lab:a} {claim:test_b} [^c] {given:d} [^] {other:e}"
    assert [found.group() for found in SOURCE.finditer(text)] == ["{lab:a}", "{claim:test_b}", "[^c]", "{given:d}"]
    assert [found["test"] for found in SOURCE.finditer(text) if found["test"]] == ["test_b"]
