"""Temporary folders: those of killed runs go, those of running ones stay. Builds show more: test_staging.py."""

from __future__ import annotations

import threading
from pathlib import Path

from engblog.disk.scratch import Scratch, abandoned, glob_safe, sweep


def test_a_folder_is_there_until_it_is_removed_and_is_nobody_elses(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, "x-")
    assert scratch.folder.stat().st_mode & 0o777 == 0o700
    scratch.remove()
    assert [*tmp_path.iterdir()] == []


def test_what_is_locked_or_not_ours_is_not_swept(tmp_path: Path) -> None:
    held = Scratch(tmp_path, "x-")
    for name in ("x-old", "x-older/deep", "y-other", "other-x-"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "x-file").touch()
    (tmp_path / "x-link").symlink_to(tmp_path / "y-other")
    sweep(tmp_path, "x-")
    assert {path.name for path in tmp_path.iterdir()} == {held.folder.name, "y-other", "other-x-", "x-file", "x-link"}
    held.release()
    assert [path.name for path in abandoned(tmp_path, "x-")] == [held.folder.name]


def test_a_name_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "[a]b").mkdir()
    sweep(tmp_path, "[a]")
    assert [path.name for path in tmp_path.iterdir()] == ["ab"]
    assert glob_safe("a*?[b]") == "a[*][?][[]b]"


def test_many_at_once_leave_each_other_alone(tmp_path: Path) -> None:
    made: list[Scratch] = []
    threads = [threading.Thread(target=lambda: made.append(Scratch(tmp_path, "x-"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert all(each.folder.is_dir() for each in made)
    for each in made:
        each.remove()
