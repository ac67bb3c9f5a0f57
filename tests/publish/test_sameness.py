"""Two sites are the same if nothing differs but the moment of the build and the compression: the whole list is here."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from engblog.publish.compare import Harmless, harmless, may_be_harmless
from engblog.publish.rules import Blob
from engblog.publish.sameness import Sameness, sameness
from hypothesis import given
from hypothesis import strategies as st
from support.hosts import EPOCH, build, config, mini, snapshot
from support.sources import article

DAY = 86_400
RSS = """\
  - rss:
      match_path: "articles/[^/]+/index\\\\.md$"
      use_git: false
      use_material_blog: false
      use_material_social_cards: false
      date_from_meta: {as_creation: published, as_update: modified, datetime_format: "%Y-%m-%dT%H:%M:%S%z"}
"""


def info(**changes: Any) -> bytes:
    """A ``build.json``."""
    found = {
        "commit": "a" * 40, "clean": True, "epoch": 1_796_126_400, "lock": None, "tools": {"mkdocs": "1.6.1"},
        "articles": 1, "pages": 2, "files": 3, "digest": "b" * 64,
    }  # fmt: skip
    return json.dumps(found | changes).encode()


def rss(day: str, *, item: str = "One", title: str = "Mini") -> bytes:
    head = f"<title>{title}</title><pubDate>{day}</pubDate> <lastBuildDate>{day}</lastBuildDate>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}<item><title>{item}</title></item>'.encode()


def atom(day: str, *, of_entry: str = "2026-11-20T00:00:00Z") -> bytes:
    return f"<feed><id>x</id><updated>{day}</updated><entry><updated>{of_entry}</updated></entry></feed>".encode()


def home(day: str, *, version: str = "1.6.1", text: str = "Home") -> bytes:
    comment = f"<!--\nMkDocs version : {version}\nBuild Date UTC : {day}\n-->\n"
    return f"<html><p>{text}</p></html>\n{comment}".encode()


CLAIMS = {
    "commit": "c" * 40, "clean": False, "lock": "d" * 64, "tools": {}, "articles": 2, "pages": 1, "files": 4,
}  # fmt: skip
ONE, OTHER = "Sat, 28 Nov 2026 00:39:53 -0000", "Sun, 29 Nov 2026 00:39:53 -0000"
HARMLESS = {
    "feed_rss_created.xml": (rss(ONE), rss(OTHER)),
    "tags/redis/feed.xml": (rss(ONE), rss(OTHER)),
    "atom.xml": (atom("2026-11-28T00:00:00Z"), atom("2026-11-29T00:00:00Z")),
    "index.html": (home(ONE), home(OTHER)),
    "build.json": (info(), info(epoch=1_796_212_800, digest="c" * 64)),
}


@pytest.mark.parametrize("path", HARMLESS)
def test_the_moment_of_a_build_is_harmless(path: str) -> None:
    here, there = HARMLESS[path]
    assert here != there
    assert may_be_harmless(path)
    assert harmless(path, here, there) is harmless(path, there, here) is Harmless.MOMENT


@pytest.mark.parametrize(
    ("path", "here", "there"),
    [
        ("feed_rss_created.xml", rss(ONE), rss(OTHER, item="Two")),
        ("feed_rss_created.xml", rss(ONE), rss(OTHER, title="Maxi")),
        ("feed_rss_created.xml", rss(ONE), rss(OTHER).replace(b"<pubDate>", b"<pubDate >")),
        ("feed_rss_created.xml", rss(ONE), rss("<b>")),
        ("feed_rss_created.xml", rss(ONE), b""),
        ("feed_rss_created.txt", rss(ONE), rss(OTHER)),
        ("atom.xml", atom(ONE), atom(ONE, of_entry="2026-11-21T00:00:00Z")),
        ("sitemap.xml", b"<urlset><url><updated>1</updated>", b"<urlset><url><updated>2</updated>"),
        ("index.html", home(ONE), home(OTHER, version="1.6.2")),
        ("index.html", home(ONE), home(OTHER, text="Elsewhere")),
        ("about/index.html", home(ONE), home(OTHER)),
        ("index.html", b"<p>\nBuild Date UTC : 1</p>", b"<p>\nBuild Date UTC : 2</p>"),
        *(("build.json", info(), info(**{key: value})) for key, value in CLAIMS.items()),
        ("build.json", info(), info(later="a key of another version")),
        ("build.json", b'{"epoch": 1}', b'{"epoch": 2}'),
        ("en/build.json", *HARMLESS["build.json"]),
        ("robots.txt", b"1", b"2"),
        ("index.html", b"1", b"2"),
        ("a.css", b"1", b""),
    ],
)
def test_nothing_else_is_harmless(path: str, here: bytes, there: bytes) -> None:
    assert here != there
    assert harmless(path, here, there) is None


SITE = {
    "index.html": home(ONE), "about/index.html": b"About", "feed_rss_created.xml": rss(ONE), "atom.xml": atom(ONE),
    "build.json": info(), ".nojekyll": b"", "CNAME": b"blog.example.org\n",
    "sitemap.xml.gz": gzip.compress(b"<urlset>" * 500, 9, mtime=5),
}  # fmt: skip
SAME = {path: there for path, (_, there) in HARMLESS.items() if path in SITE} | {
    "sitemap.xml.gz": gzip.compress(b"<urlset>" * 500, 1, mtime=5)[:8]
    + SITE["sitemap.xml.gz"][8:10]
    + gzip.compress(b"<urlset>" * 500, 1, mtime=5)[10:]
}
SEEN = {
    "index.html": home(ONE, text="Elsewhere"), "about/index.html": b"", "feed_rss_created.xml": rss(ONE, item="Two"),
    "atom.xml": atom(ONE, of_entry="2026-11-21T00:00:00Z"), ".nojekyll": b" ", "sitemap.xml.gz": b"", "new.html": b"",
}  # fmt: skip
TOLD = {"build.json": info(commit="c" * 40), "CNAME": b"other.example.org\n"}


def compared(here: dict[str, bytes], there: dict[str, bytes]) -> Sameness:
    def files(site: dict[str, bytes]) -> dict[str, Blob]:
        return {path: Blob(hashlib.sha1(data).hexdigest(), len(data)) for path, data in site.items()}  # noqa: S324

    return sameness(files(here), files(there), here.__getitem__, there.__getitem__)


@given(
    moments=st.sets(st.sampled_from(sorted(SAME))),
    seen=st.sets(st.sampled_from(sorted(SEEN)), max_size=1),
    told=st.sets(st.sampled_from(sorted(TOLD))),
    lost=st.sets(st.sampled_from(sorted(SITE)), max_size=2),
)
def test_what_readers_see_decides_and_then_what_is_said_of_the_build(
    moments: set[str], seen: set[str], told: set[str], lost: set[str]
) -> None:
    changes = {path: SAME[path] for path in moments} | {path: TOLD[path] for path in told}
    changes |= {path: SEEN[path] for path in seen}
    there = {path: data for path, data in (SITE | changes).items() if path not in lost}
    if seen - lost or lost - {"build.json", "CNAME"}:
        expected = Sameness.NOTHING
    elif told | lost:
        expected = Sameness.PAGES
    else:
        expected = Sameness.SITE
    assert compared(SITE, there) is compared(there, SITE) is expected


def test_no_file_is_read_in_vain() -> None:
    def read(path: str) -> bytes:
        raise AssertionError(path)

    here = {"a.css": Blob("1" * 40, 1), "index.html": Blob("2" * 40, 1), "build.json": Blob("3" * 40, 1)}
    there = here | {"a.css": Blob("4" * 40, 1), "index.html": Blob("5" * 40, 1)}
    assert sameness(here, there, read, read) is Sameness.NOTHING
    assert sameness(here, here, read, read) is Sameness.SITE


THEMED = {
    "theme/main.html": "<!doctype html>{{ page.content }}{% if page.is_homepage %}\n<!--\nMkDocs version : "
    "{{ mkdocs_version }}\nBuild Date UTC : {{ build_date_utc }}\n-->\n{% endif %}\n"
}


@pytest.mark.parametrize("site", ["articles", "no article", "a theme that dates itself"])
def test_a_site_of_another_day_differs_in_its_moment_only(tmp_path: Path, site: str) -> None:
    options = "allow: [counts, links, orphans, inline-code]" if "theme" in site else ""
    files = {
        "mkdocs.yml": config(options).replace("markdown_extensions:\n", f"{RSS}markdown_extensions:\n"),
        "docs/articles/first/index.md": article(date="2026-11-20" if site != "no article" else "2027-11-20"),
        "docs/about.md": "# About\n",
        **(THEMED if "theme" in site else {}),
    }
    found = []
    for day in (0, 1):
        root = mini(tmp_path / str(day), files)
        found.append(build(root, SOURCE_DATE_EPOCH=str(int(EPOCH) + day * DAY)))
    one, other = ({path: (each / path).read_bytes() for path in snapshot(each)} for each in found)
    differ = sorted(path for path in one if one[path] != other[path])
    assert differ == ["build.json", *(["index.html"] if "theme" in site else [])]
    assert compared(one, other) is Sameness.SITE
