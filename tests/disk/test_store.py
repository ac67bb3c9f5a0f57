"""Tests the store: what was put into it comes back unchanged, and nothing else ever does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from engblog.disk.store import STORE, Store, is_switched_off, key_of, store_of
from hypothesis import given
from hypothesis import strategies as st

KEY, OTHER = key_of("test", "one"), key_of("test", "other")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_put_comes_back_and_another_key_does_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.put(KEY, b"a\nb\0")
    assert (Store(tmp_path).get(KEY), store.get(OTHER)) == (b"a\nb\0", None)
    store.put(KEY, b"")
    assert store.get(KEY) == b""


@given(st.lists(st.text()), st.lists(st.text()))
def test_only_equal_parts_have_one_key(one: list[str], other: list[str]) -> None:
    assert (key_of("test", *one) == key_of("test", *other)) is (one == other)


@given(at=st.integers(0, 10_000), change=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_entry_is_absent(at: int, change: int, cut: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.put(KEY, b"content " * 5)
        (path,) = files(Path(folder))
        data = bytearray(path.read_bytes())
        at %= len(data)
        path.write_bytes(data[:at] if cut else data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
        assert store.get(KEY) is None
        store.put(KEY, b"again")
        assert store.get(KEY) == b"again"


def test_an_entry_in_the_place_of_another_is_absent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(OTHER, b"other")
    store.put(KEY, b"own")
    own, other = (tmp_path / key[:2] / key[2:] for key in (KEY, OTHER))
    for data in (other.read_bytes(), other.read_bytes().replace(OTHER.encode(), KEY.encode())):
        own.write_bytes(data)
        assert store.get(KEY) is None


def test_an_entry_that_a_pull_request_brings_is_absent(tmp_path: Path) -> None:
    """Whoever writes it has another secret, or none."""
    root, entries = tmp_path / "site", {}
    for user in ("ours", "theirs"):
        store = store_of(root, {"XDG_STATE_HOME": str(tmp_path / user)})
        assert store is not None
        store.put(KEY, b"content")
        entries[user] = files(root)[0].read_bytes()
        assert store.get(KEY) == b"content"
    Store(root / STORE).put(KEY, b"content")
    ours = store_of(root, {"XDG_STATE_HOME": str(tmp_path / "ours")})
    assert ours is not None
    assert ours.get(KEY) is None
    files(root)[0].write_bytes(entries["theirs"])
    assert ours.get(KEY) is None
    files(root)[0].write_bytes(entries["ours"])
    assert ours.get(KEY) == b"content"


def test_the_secret_is_the_users_and_nobody_elses(tmp_path: Path) -> None:
    store_of(tmp_path / "site", {"XDG_STATE_HOME": str(tmp_path)})
    key = tmp_path / "engblog/key"
    assert (key.stat().st_mode & 0o777, len(key.read_bytes())) == (0o600, 32)
    before = key.read_bytes()
    store_of(tmp_path / "site", {"XDG_STATE_HOME": str(tmp_path)})
    assert key.read_bytes() == before


def test_without_a_place_for_the_secret_there_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert store_of(tmp_path, {"XDG_STATE_HOME": str(tmp_path / "file")}) is None
    assert store_of(tmp_path, {"ENGBLOG_CACHE": "off", "XDG_STATE_HOME": str(tmp_path)}) is None


def test_a_store_that_cannot_be_written_only_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file")
    assert not store.put(KEY, b"x")
    assert store.get(KEY) is None
    store.prune()
    assert (store.measure(), store.clear()) == ((0, 0), 0)


def test_a_full_disk_leaves_the_entry_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"old")

    def full(self: Path, _: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", full)
    assert not store.put(KEY, b"new")
    assert store.get(KEY) == b"old"
    assert len(files(tmp_path)) == 1


def test_what_was_used_last_stays_when_the_store_is_full(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=4000)
    keys = [key_of("test", str(number)) for number in range(8)]
    for number, key in enumerate(keys):
        store.put(key, bytes(500))
        os.utime(tmp_path / key[:2] / key[2:], (1000 + number, 1000 + number))
    assert store.get(keys[0]) is not None  # a use: now the youngest
    store.prune()
    kept = [number for number, key in enumerate(keys) if store.get(key) is not None]
    assert kept == [0, *range(8 - len(kept) + 1, 8)]
    assert store.measure()[1] <= 3000


def test_what_a_killed_build_was_writing_goes_after_a_while(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"x")
    left, fresh = tmp_path / KEY[:2] / ".new-left", tmp_path / KEY[:2] / ".new-fresh"
    left.touch(), fresh.touch()
    os.utime(left, (1000, 1000))
    store.prune()
    assert (left.exists(), fresh.exists(), store.get(KEY)) == (False, True, b"x")


def test_clearing_removes_entries_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"x"), store.put(OTHER, b"y")
    (tmp_path / "notes.txt").touch()
    assert (store.clear(), store.measure()) == (2, (0, 0))
    assert files(tmp_path) == [tmp_path / "notes.txt"]


WRITER = """
import sys; from pathlib import Path; from engblog.disk.store import Store, key_of
store, key = Store(Path(sys.argv[1])), key_of("test", "one")
for number in range(300):
    store.put(key, sys.argv[2].encode() * 3000)
    assert store.get(key) in (b"a" * 3000, b"b" * 3000), number
    store.prune()
"""


def test_two_builds_at_once_see_whole_entries(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), letter]) for letter in "ab"]
    assert [process.wait() for process in started] == [0, 0]
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(("value", "is_off"), [(None, False), ("", False), ("on", False), ("off", True), ("0", True)])
def test_the_environment_switches_it_off(value: str | None, is_off: bool) -> None:
    assert is_switched_off({} if value is None else {"ENGBLOG_CACHE": value}) is is_off
