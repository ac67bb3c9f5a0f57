"""What build.json says, how its digest is made, and what is read from one that anybody may have written."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engblog.disk.tree import SiteTree
from engblog.model.publication import Identity, Provenance, Publication
from engblog.outputs.build_info import BuildInfoError, digest_of, other_tools, read_build_info, write_build_info
from support.sources import article, read, write

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MADE = Provenance(COMMIT, True, "ab" * 32, {"zlib": "1.3", "mkdocs": "1.6.1"})

FILES = {
    "index.html": "<p>",
    "a/index.html": "<p>a",
    "assets/site.css": "p {}",
    "été & <b>.txt": "x",
    "CNAME": "blog.example.org",
    ".nojekyll": "",
}


def publication(tmp_path: Path, made: Provenance | None = MADE) -> Publication:
    site = read(tmp_path / "sources", {"articles/a/index.md": article()}).site
    return Publication(Identity("Mini", "https://mini.example/"), site, provenance=made)


def built(tmp_path: Path, made: Provenance | None = MADE, files: Mapping[str, str] = FILES) -> dict[str, bytes]:
    return dict(write_build_info(publication(tmp_path, made), SiteTree(write(tmp_path / "site", files))))


def said(tmp_path: Path, **changes: Any) -> bytes:
    return json.dumps(json.loads(built(tmp_path)["build.json"]) | changes).encode()


def test_it_says_what_the_site_was_built_from(tmp_path: Path) -> None:
    found = built(tmp_path)
    assert list(found) == ["build.json"]
    info = json.loads(found["build.json"])
    assert list(info) == ["commit", "clean", "epoch", "lock", "tools", "articles", "pages", "files", "digest"]
    assert (info["commit"], info["clean"], info["lock"]) == (COMMIT, True, "ab" * 32)
    assert list(info["tools"].items()) == [("mkdocs", "1.6.1"), ("zlib", "1.3")]
    assert info["epoch"] == int(publication(tmp_path).site.now.timestamp())
    assert (info["articles"], info["pages"], info["files"]) == (1, 2, 4)


def test_a_preview_has_none(tmp_path: Path) -> None:
    assert built(tmp_path, None) == {}


def test_what_belongs_to_the_host_is_not_in_the_digest(tmp_path: Path) -> None:
    without = {name: text for name, text in FILES.items() if name not in {"CNAME", ".nojekyll"}}
    assert built(tmp_path / "a") == built(tmp_path / "b", files=without)


@pytest.mark.parametrize("changed", [{"index.html": "<p> "}, {"b.txt": ""}, {"assets/site.css": "p { }"}])
def test_any_other_byte_and_any_other_file_changes_the_digest(tmp_path: Path, changed: dict[str, str]) -> None:
    one, other = built(tmp_path / "a"), built(tmp_path / "b", files={**FILES, **changed})
    assert json.loads(one["build.json"])["digest"] != json.loads(other["build.json"])["digest"]


def test_a_file_that_moved_changes_the_digest() -> None:
    assert digest_of([("a", "1" * 64), ("b", "2" * 64)]) != digest_of([("b", "1" * 64), ("a", "2" * 64)])
    assert digest_of([("a", "1" * 64), ("b", "2" * 64)]) == digest_of([("b", "2" * 64), ("a", "1" * 64)])


def test_anybody_makes_the_digest_again_with_the_documented_line(tmp_path: Path) -> None:
    written = built(tmp_path)["build.json"]
    (tmp_path / "site/build.json").write_bytes(written)
    line = (digest_of.__doc__ or "").partition("::")[2]
    bash = shutil.which("bash") or ""
    done = subprocess.run([bash, "-c", line], cwd=tmp_path / "site", capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == json.loads(written)["digest"]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    info = read_build_info(said(tmp_path))
    assert (info.commit, info.clean, info.lock, info.tools["zlib"]) == (COMMIT, True, "ab" * 32, "1.3")


def test_a_key_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    assert read_build_info(said(tmp_path, more=[1])) == read_build_info(said(tmp_path))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"<!doctype html><title>Not found</title>", "an HTML page"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"9" * 10_000, "not JSON"),
        (b"[]", "not an object"),
        (b"{}", "epoch, tools, articles, pages, files, digest: missing"),
    ],
)
def test_what_is_no_build_json_is_said(data: bytes, why: str) -> None:
    with pytest.raises(BuildInfoError, match=why):
        read_build_info(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("commit", "--upload-pack=touch x"),
        ("commit", "HEAD"),
        ("commit", "0" * 39),
        ("commit", "g" * 40),
        ("commit", 1),
        ("clean", "yes"),
        ("epoch", -1),
        ("epoch", 1.5),
        ("epoch", True),
        ("epoch", 10**18),
        ("epoch", "0; rm"),
        ("lock", "x"),
        ("tools", []),
        ("tools", {"mkdocs": 1}),
        ("tools", {"mkdocs": "x" * 101}),
        ("files", None),
        ("digest", None),
        ("digest", "x" * 64),
    ],
)
def test_a_value_of_another_kind_is_refused_by_name(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(BuildInfoError, match=f"^{key}: missing, or not"):
        read_build_info(said(tmp_path, **{key: value}))


def test_other_tools_are_named_with_both_versions(tmp_path: Path) -> None:
    there = read_build_info(said(tmp_path))
    here = replace(there, lock=None, tools={"zlib": "1.4", "mkdocs": "1.6.1", "numpy": "2"})
    assert list(other_tools(there, here)) == [
        f"locked dependencies: {'ab' * 32} there, none here",
        "numpy: none there, 2 here",
        "zlib: 1.3 there, 1.4 here",
    ]
    assert list(other_tools(there, there)) == []
