"""`engblog search` asks a built site."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from support.hosts import build, mini
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site of two articles, one of them proved by nothing."""
    folder = tmp_path_factory.mktemp("searched")
    text = "## The clock\n\nKubernetes sends SIGTERM, and SIGKILL after terminationGracePeriodSeconds.\n"
    files = {
        "docs/articles/stop/index.md": article(text, title="How a pod is stopped", tags="[Kubernetes, Signals, Go]"),
        "docs/articles/keys/index.md": article(
            "Redis deletes a key.\n", title="Keys that are gone", tags="[Redis, Caching, Replication]"
        ),
    }
    build(mini(folder, files))
    return folder / "site"


def test_a_built_site_is_searched_from_a_shell(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "grace period", "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    [found] = answer["results"]
    assert found["url"].startswith("articles/")
    assert (built / found["url"] / "index.html").is_file()
    assert found["href"] == found["url"] + "#the-clock"
    assert (found["title"], found["section"]) == ("How a pod is stopped", "The clock")
    assert found["score"] > 0
    loaded = len(gzip.compress((built / "search/engine.mjs").read_bytes(), 9))
    assert loaded < answer["bytes"] < loaded + 16_384


def test_filters_narrow_a_search_from_a_shell(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def titles(*filters: str) -> list[str]:
        _, out, _ = engblog(capsys, "search", str(built), "pod key", "--json", *filters)
        return sorted(found["title"] for found in json.loads(out)["results"])

    assert titles() == ["How a pod is stopped", "Keys that are gone"]
    assert titles("--tag", "k8s") == ["How a pod is stopped"]
    assert titles("--tag", "redis", "--category", "Database") == ["Keys that are gone"]
    assert titles("--category", "database", "--tag", "go", "--tag", "redis") == []
    assert titles("--verified") == []
    assert titles("--limit", "1") != titles()


@pytest.mark.parametrize("query", ["--force-with-lease", "-tag:redis", "-h ard", "-x"])
def test_what_is_looked_for_may_look_like_an_option(
    query: str, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        engblog(capsys, "search", str(built), query, "--json", "--tag", "go"),
        engblog(capsys, "search", "--tag=go", "--json", str(built), query),
        engblog(capsys, "search", "--tag", "go", "--json", "--", str(built), query),
    ]
    assert asked[0] == asked[1] == asked[2]
    assert asked[0][0] == 0


def test_a_filter_that_names_nothing_is_an_error(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "pod", "--tag", "nosuch", "--category", "nowhere")
    assert (status, out) == (1, "")
    assert err == "engblog: no article of this site has category:nowhere, tag:nosuch\n"


def test_what_was_corrected_and_what_names_nothing_is_said(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = engblog(capsys, "search", str(built), "kubernets tag:nosuch")
    assert status == 0
    assert "searched for “kubernetes” instead of “kubernets”" in out
    assert "How a pod is stopped · The clock" in out
    assert err == "engblog: tag:nosuch is not a filter of this site, so its words were searched for\n"


def test_a_query_of_no_words_and_of_very_many_is_answered(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for query in ("", " ", "<script>alert(1)</script>", "\x00\udcff", "pod " * 20_000, '"', "-", "tag:"):
        status, out, _ = engblog(capsys, "search", str(built), "--json", "--", query)
        assert status == 0, query[:40]
        assert json.loads(out)["results"] is not None


def test_a_search_that_cannot_be_made_says_why(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = engblog(capsys, "search", str(tmp_path), "x")
    assert (status, out) == (1, "")
    assert err == f"engblog: {tmp_path} has no search/base.json: build the site first, with `mkdocs build`\n"
    damaged = tmp_path / "site"
    shutil.copytree(built, damaged)
    (damaged / "search/base.json").write_bytes(b"{}")
    status, out, err = engblog(capsys, "search", str(damaged), "x", "--json")
    assert (status, out) == (1, "")
    assert err == "engblog: The search index is damaged (search/base.json).\n"
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = engblog(capsys, "search", str(built), "x")
    assert status == 1
    assert "needs Node.js 20 or later" in err
