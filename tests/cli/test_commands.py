"""What authors do from a shell: start an article, check all, run a lab, list the codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from engblog.cli import main
from support.shell import engblog
from support.sources import AUTHORS, TAXONOMY, article, write

pytestmark = pytest.mark.usefixtures("epoch")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site without articles, with the author standing in its folder."""
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path,
        {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS},
    )


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engblog.cli", *arguments], cwd=site, capture_output=True, text=True, check=False
    )


def test_a_configuration_elsewhere_is_read_from_there(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"other/mkdocs.yml": "docs_dir: text\nplugins: [engblog]\n", "other/text/taxonomy.yml": TAXONOMY})
    assert engblog(capsys, "--config", "other/mkdocs.yml", "check") == (
        0,
        "0 to publish, 0 held back, no problems\n",
        "",
    )
    write(site, {"other/text/articles/a/index.md": article(date="soon")})
    assert "other/text/articles/a/index.md:4:7 F005" in engblog(capsys, "--config", "other/mkdocs.yml", "check")[1]


@pytest.mark.parametrize("command", [["check"], ["new", "X", "--no-lab"], ["lab", "run", "a"], ["lab", "list"]])
@pytest.mark.parametrize(
    ("config", "content", "said"),
    [("gone.yml", None, "no such file"), ("bad.yml", "a: [", "bad.yml:"), ("empty.yml", "", "no keys")],
)
def test_a_configuration_that_is_none_is_an_error(
    site: Path, capsys: pytest.CaptureFixture[str], command: list[str], config: str, content: str | None, said: str
) -> None:
    if content is not None:
        write(site, {config: content})
    status, _, err = engblog(capsys, "--config", config, *command)
    assert status == 1
    assert said in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("site")
def test_a_clock_that_is_none_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    for command in (["check"], ["new", "X"]):
        status, _, err = engblog(capsys, *command)
        assert status == 1
        assert "SOURCE_DATE_EPOCH is 'soon'" in err


@pytest.mark.parametrize("arguments", [[], ["chek"], ["new", "--nope"], ["check", "--nope"]])
def test_wrong_usage_has_status_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: engblog" in capsys.readouterr().err
