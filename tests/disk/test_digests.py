"""Tests remembered digests: whatever happens to a file, its digest is that of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engblog.disk.digests import Digests
from engblog.disk.store import Store, key_of


def old(path: Path) -> None:
    """Make *path* look as if it had not changed for long, as far as anyone can."""
    os.utime(path, (1000, 1000))


def in_a_while(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + seconds * 10**9)


def test_a_file_that_stays_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, store = tmp_path / "a", Store(tmp_path / "store")
    path.write_bytes(b"a")
    in_a_while(monkeypatch, 60)
    first = Digests(store, "x")
    assert first.of(str(path)) == hashlib.sha256(b"a").hexdigest()
    first.save()
    monkeypatch.setattr(hashlib, "file_digest", None)  # a second reading would fail
    assert Digests(store, "x").of(str(path)) == hashlib.sha256(b"a").hexdigest()
    with pytest.raises(TypeError):
        Digests(store, "y").of(str(path))


def test_a_file_that_has_just_changed_is_read_again(tmp_path: Path) -> None:
    """It could change once more within the same step of the clock."""
    path, store = tmp_path / "a", Store(tmp_path / "store")
    path.write_bytes(b"a")
    digests = Digests(store, "x")
    digests.of(str(path))
    digests.save()
    row = store.get(key_of("digests of files", "x"))
    assert row is None or json.loads(row) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"b"),
        lambda path: (path.write_bytes(b"b"), old(path)),  # only the time of the change of its inode tells
        lambda path: (
            path.with_name("n").write_bytes(b"b"),
            old(path.with_name("n")),
            path.with_name("n").rename(path),
        ),
        lambda path: (path.unlink(), path.write_bytes(b"longer")),
    ],
)
def test_a_change_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]) -> None:
    path, store = tmp_path / "a", Store(tmp_path / "store")
    path.write_bytes(b"a")
    old(path)
    with monkeypatch.context() as later:
        in_a_while(later, 60)
        digests = Digests(store, "x")
        digests.of(str(path))
        digests.save()
    time.sleep(0.02)  # the next step of the file system's clock
    change(path)
    assert Digests(store, "x").of(str(path)) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "new").touch(),
        lambda folder: (folder / "a/empty").mkdir(),
        lambda folder: (folder / "a/b").unlink(),
        lambda folder: (folder / "a/b").rename(folder / "a/c"),
        lambda folder: (folder / "a/b").write_bytes(b"other"),
        lambda folder: (folder / "a/b").chmod(0o600),
        lambda folder: ((folder / "l").unlink(), (folder / "l").symlink_to("a/d")),
        lambda folder: (folder / "a").rename(folder / "z"),
    ],
)
def test_the_digest_of_a_folder_is_that_of_everything_in_it(tmp_path: Path, change: Callable[[Path], object]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"b")
    (tmp_path / "a/d").write_bytes(b"b")
    (tmp_path / "l").symlink_to("a/b")
    before = Digests(None, "x").tree(tmp_path)
    assert Digests(None, "x").tree(tmp_path) == before
    change(tmp_path)
    assert Digests(None, "x").tree(tmp_path) != before


def test_folders_can_be_left_out_by_name(tmp_path: Path) -> None:
    (tmp_path / "a/__pycache__").mkdir(parents=True)
    before = Digests(None, "x").tree(tmp_path, without=["__pycache__"])
    (tmp_path / "a/__pycache__/b.pyc").touch()
    assert Digests(None, "x").tree(tmp_path, without=["__pycache__"]) == before
    assert Digests(None, "x").tree(tmp_path) != before


@pytest.mark.parametrize("entry", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": ["x"]}', b"\xff"])
def test_an_entry_of_another_form_is_none(tmp_path: Path, entry: bytes) -> None:
    store, path = Store(tmp_path / "store"), tmp_path / "a"
    path.write_bytes(b"a")
    store.put(key_of("digests of files", "x"), entry)
    assert Digests(store, "x").of(str(path)) == hashlib.sha256(b"a").hexdigest()


def test_a_file_that_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    assert Digests(None, "x").of(str(tmp_path / "missing")) == ""
    assert Digests(None, "x").of(str(tmp_path)) == ""
