"""The host is asked in a process that only it runs in, and what it cannot answer is an error with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.cli.host import QUIET, HostError, ask_host
from support.hosts import mini
from support.shell import engblog
from support.sources import article, write


def test_the_hosts_answer_is_returned(tmp_path: Path) -> None:
    root = mini(tmp_path, {"docs/articles/a/index.md": article("A ~~struck~~ word.\n")})
    (row,) = ask_host("check", root / "mkdocs.yml")
    path, line, column, code, message, hint = row
    assert (Path(path).resolve(), line, column, code) == (
        root / "docs/articles/a/index.md",
        8,
        5,
        "R015_READ_OTHERWISE",
    )
    assert "A struck word." in message
    assert hint


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"mkdocs\.yml: there is no such file; run this where mkdocs\.yml is"):
        ask_host("check", tmp_path / "mkdocs.yml")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("site_name: A\n", "`plugins` does not list the plugin `engblog`"),
        ("plugins: [engblog, gone]\n", "gone"),
        ("plugins: [engblog]\nmarkdown_extensions: [no.such.extension]\n", "no.such.extension"),
        ("plugins: [engblog]\nhooks: [hook.py]\n", "hook.py:1: ZeroDivisionError: division by zero"),
        ("plugins:\n  - engblog: {no_such_option: 1}\n", "no_such_option"),
    ],
)  # fmt: skip
def test_what_the_host_says_is_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, config: str, said: str
) -> None:
    root = write(mini(tmp_path), {"mkdocs.yml": config, "hook.py": "1 / 0\n"})
    with pytest.raises(HostError) as raised:
        ask_host("check", root / "mkdocs.yml")
    assert said in str(raised.value)
    assert "Traceback" not in str(raised.value)
    monkeypatch.chdir(root)
    assert engblog(capsys, "check")[0] == 1


def test_the_environment_reaches_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = mini(tmp_path)
    text = (root / "mkdocs.yml").read_text()
    write(
        root,
        {
            "mkdocs.yml": "docs_dir: !ENV [PLACE, docs]\n" + text,
            "other/taxonomy.yml": (root / "docs/taxonomy.yml").read_text(),
        },
    )
    write(root, {"other/authors.yml": "{}\n", "other/index.md": "# A\n\n#B is text.\n\nA ~~b~~.\n"})
    assert ask_host("check", root / "mkdocs.yml") == []
    monkeypatch.setenv("PLACE", "other")
    assert [row[3] for row in ask_host("check", root / "mkdocs.yml")] == ["R015_READ_OTHERWISE"]
    assert ask_host("check", root / "mkdocs.yml", {"PATH": "", **QUIET}) == []
