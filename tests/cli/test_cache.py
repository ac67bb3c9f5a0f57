"""Tests ``engblog cache``."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.cli import main
from engblog.disk.store import STORE, Store, key_of
from support.hosts import mini


def test_the_cache_is_shown_and_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(mini(tmp_path) / "mkdocs.yml")
    Store(tmp_path / STORE).put(key_of("test"), bytes(3 * 1024 * 1024))
    assert main(["--config", config, "cache", "show"]) == 0
    assert "1 entry, 3.0 MiB of at most 512 MiB" in capsys.readouterr().out
    assert main(["--config", config, "cache", "clear"]) == 0
    assert "removed 1 entry" in capsys.readouterr().out
    assert main(["--config", config, "cache", "show"]) == 0
    assert "0 entries, 0.0 MiB" in capsys.readouterr().out


def test_a_site_without_a_cache_has_none_to_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(mini(tmp_path) / "mkdocs.yml"), "cache", "clear"]) == 0
    assert "removed 0 entries" in capsys.readouterr().out


def test_the_cache_of_no_site_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(tmp_path / "mkdocs.yml"), "cache", "show"]) == 1
    assert "there is no such file" in capsys.readouterr().err
