"""Files are named by their content, and an edit in one place moves no cut elsewhere."""

from __future__ import annotations

import re

from engblog.outputs.search.parts import FOLDER, NamedFiles, is_named, runs, size_for
from hypothesis import given
from hypothesis import strategies as st

ENTRIES = st.lists(st.tuples(st.text(max_size=8), st.integers(1, 900)), max_size=200)


def test_a_file_is_named_by_what_it_holds() -> None:
    parts = NamedFiles()
    numbers = [parts.add(data, kind) for data, kind in ((b"one" * 50, "bin"), (b"two", "txt"), (b"two", "json"))]
    names, files = parts.named()
    assert numbers == [0, 1, 2]
    assert sorted(files) == sorted(
        f"{FOLDER}{name}.{kind}" for name, kind in zip(names, ("bin", "txt", "json"), strict=True)
    )
    assert all(re.fullmatch("[a-z2-7]{8}", name) for name in names)
    assert all(is_named(path, data) for path, data in files.items())
    assert not any(is_named(path, data[:-1]) for path, data in files.items())
    packed = files[f"{FOLDER}{names[0]}.bin"]
    assert len(packed) < 30, "binary files are packed"


@given(ENTRIES, st.integers(1, 2000))
def test_runs_have_every_entry_once_in_order_and_are_not_too_long(entries: list[tuple[str, int]], target: int) -> None:
    keys, sizes = [key for key, _ in entries], [size for _, size in entries]
    cut = list(runs(keys, sizes, target))
    assert [place for run in cut for place in run] == list(range(len(entries)))
    for run in cut:
        assert len(run) == 1 or sum(sizes[place] for place in run) <= 2 * target
    for run in cut[:-1]:
        following = sizes[run.stop]
        assert sum(sizes[place] for place in run) * 2 >= target or sum(sizes[p] for p in run) + following > 2 * target


def test_an_entry_more_moves_few_cuts() -> None:
    keys, sizes = [f"term {number}" for number in range(3000)], [7] * 3000
    before = {tuple(keys[place] for place in run) for run in runs(keys, sizes, 200)}
    keys.insert(1000, "another")
    sizes.insert(1000, 7)
    after = {tuple(keys[place] for place in run) for run in runs(keys, sizes, 200)}
    assert len(before) > 60
    assert len(after - before) <= 6


def test_files_grow_when_there_would_be_too_many() -> None:
    assert size_for(1000, 300, 10) == 300
    assert 10_000 / size_for(10_000, 300, 10) <= 10
    assert size_for(100_000, 300, 10) == size_for(100_500, 300, 10), "in steps"
