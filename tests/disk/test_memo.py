"""Tests remembered results: they hold as long as everything that was asked is the same, and no longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from engblog.disk.memo import Asked, remembered
from engblog.disk.store import Store, key_of
from hypothesis import given
from hypothesis import strategies as st

KEY = key_of("test", "memo")
MAPPINGS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"))


@given(st.lists(st.tuples(MAPPINGS, st.lists(st.sampled_from("abcd"))), min_size=1, max_size=6))
def test_whatever_changes_the_result_is_that_of_now(steps: list[tuple[dict[str, str], list[str]]]) -> None:
    import tempfile  # noqa: PLC0415  (a folder for each example)

    with tempfile.TemporaryDirectory() as folder:
        for mapping, names in steps:

            def make(found: Sequence[Mapping[str, str]], names: list[str] = names) -> str:
                return "".join(found[0].get(name, "-") for name in names)

            key = key_of("test", *names)
            assert remembered(Store(Path(folder)), key, [mapping], make) == make([mapping])


def test_what_nobody_asked_about_makes_nothing_anew(tmp_path: Path) -> None:
    made = []

    def make(found: Sequence[Mapping[str, str]]) -> str:
        made.append(found[0]["a"])
        return found[0]["a"]

    store = Store(tmp_path)
    assert remembered(store, KEY, [{"a": "x"}], make) == "x"
    assert remembered(store, KEY, [{"a": "x", "b": "y"}], make) == "x"
    assert made == ["x"]
    assert remembered(store, KEY, [{"a": "z"}], make) == "z"


def test_a_name_that_was_missing_counts(tmp_path: Path) -> None:
    def make(found: Sequence[Mapping[str, str]]) -> str:
        return "there" if "a" in found[0] else "missing"

    assert remembered(Store(tmp_path), KEY, [{}], make) == "missing"
    assert remembered(Store(tmp_path), KEY, [{"a": ""}], make) == "there"


@pytest.mark.parametrize("entry", [b"", b"[]", b"[[], 1]", b'[[[]], "x"]', b'[[{}, {}], "x"]', b"\xff"])
def test_an_entry_of_another_form_counts_as_absent(tmp_path: Path, entry: bytes) -> None:
    store = Store(tmp_path)
    store.put(KEY, entry)
    assert remembered(store, KEY, [{}], lambda _: "made") == "made"


def test_nobody_walks_through_what_is_only_to_be_asked() -> None:
    with pytest.raises(TypeError):
        list(Asked({"a": "x"}))
    with pytest.raises(TypeError):
        len(Asked({}))
