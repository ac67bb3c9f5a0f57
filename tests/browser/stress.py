"""A site made of everything that breaks layouts: long, wide, many, foreign and hostile.

It uses the repository's templates and Markdown settings, and a vocabulary and people of its own.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from engblog.lab.record import Recorder, write_record, write_versions

from browser.stress_text import (
    CJK_BODY,
    CJK_DESCRIPTION,
    CJK_TITLE,
    DESCRIPTION_OF_900,
    DIAGRAM,
    FEATURES_BODY,
    HOSTILE_AUTHOR,
    HOSTILE_BODY,
    HOSTILE_CATEGORY,
    HOSTILE_CLAIM,
    HOSTILE_CORRECTION,
    HOSTILE_DESCRIPTION,
    HOSTILE_NOTE,
    HOSTILE_SERIES,
    HOSTILE_SUBCATEGORY,
    HOSTILE_TAG,
    HOSTILE_TITLE,
    LONG,
    NOT_ON_14,
    REFUSAL,
    RTL_BODY,
    RTL_DESCRIPTION,
    RTL_TITLE,
    SCRIPT,
    SERVER_PY,
    SITE_NAME,
    TAG_OF_30,
    TEST_PY,
    TITLE_OF_140,
)

ROOT = Path(__file__).resolve().parents[2]
HOME_BODY = f"By *hand*, with `code` and {'a-very-long-word-' * 8}.\n\n## And a heading\n\n```sh\nmake serve\n```\n"
NOW = "1796126400"
"""Noon of 1 December 2026, in seconds: no article below is later."""

FILLERS = 40
PAGE_SIZE = 10

ACCENTS = ("indigo", "vermilion", "teal", "amber", "violet", "forest", "rose", "slate")
CATEGORIES = ("Systems", "Incidents", "Storage", "Networks", "Languages", "Energy", HOSTILE_CATEGORY, "数据")

FEATURES = "every-feature"
HOSTILE = "hostile-text"
RTL = "right-to-left"
CJK = "wide-characters"
PLAIN = "filler-01"
DATES = {FEATURES: "2026-11-23", LONG: "2026-11-22", HOSTILE: "2026-11-21", RTL: "2026-11-20", CJK: "2026-11-19"}

# Old addresses, of articles and of other pages, and where they lead.
OLD_OF_FEATURES = "/articles/2025/01/31/features/"
OLD_OF_HOSTILE = "/old-hostile/"
OLD_OF_LONG = f"/{'a-very-long-old-address-' * 6}end/"
REDIRECTS = {
    OLD_OF_FEATURES: f"/articles/2026/11/23/{FEATURES}/",
    f"{OLD_OF_FEATURES}lab/": f"/articles/2026/11/23/{FEATURES}/lab/",
    "/tags/gnu-linux/": "/tags/linux/",
    "/旧数据/": "/categories/数据/",
    "/tags/angle-brackets/": "/tags/b-tag-b-and-co-n/",
    "/sections.html": f"/articles/2026/11/23/{FEATURES}/#two-languages",
    "/chain/": "/chain/middle/",
    "/chain/middle/": OLD_OF_HOSTILE,
}

# One page of each kind, by the name that tests show.
PAGES = {
    "home": "",
    "home, page 2": "page/2/",
    "home, last page": "page/5/",
    "category": "categories/systems/",
    "category, page 2": "categories/systems/page/2/",
    "category, hostile": "categories/trust-and-i-safety-i/",
    "category, CJK": "categories/数据/",
    "subcategory": "categories/systems/queues/",
    "tag": "tags/linux/",
    "tag of 30 characters": f"tags/{TAG_OF_30.lower()}/",
    "tag, hostile": "tags/b-tag-b-and-co-n/",
    "author": "authors/ada/",
    "author, hostile": "authors/bobby/",
    "series": "series/series-em-of-em-and-script-alert-1-script/",
    "year": "archive/2026/",
    "archive": "archive/",
    "tags": "tags/",
    "authors": "authors/",
    "corrections": "corrections/",
    "feeds": "feeds/",
    "about": "about/",
    "search": "search/",
    "offline": "offline/",
    "article: every feature": f"articles/2026/11/23/{FEATURES}/",
    "article: too long": f"articles/2026/11/22/{LONG}/",
    "article: hostile": f"articles/2026/11/21/{HOSTILE}/",
    "article: right to left": f"articles/2026/11/20/{RTL}/",
    "article: CJK": f"articles/2026/11/19/{CJK}/",
    "article: short": "articles/2026/11/01/filler-01/",
    "lab": f"articles/2026/11/23/{FEATURES}/lab/",
    "404": "404.html",
}


def write_stress_site(folder: Path, *, site_url: str) -> Path:
    """Write the site into *folder* and return its ``mkdocs.yml``."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for name, data in (("taxonomy.yml", _taxonomy()), ("authors.yml", _people()), ("redirects.yml", REDIRECTS)):
        (docs / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    hero = {"title": "Home", "kicker": "Stress & <i>Strain</i>", "headline": "Long Words. Wide Tables."}
    _page(docs / "index.md", hero | {"description": f"A tagline with {SCRIPT} & more."}, HOME_BODY)
    about = {"title": "About & <b>more</b>", "description": "A plain page, with a description of its own."}
    _page(docs / "about.md", about, "A paragraph.\n\n## A section\n\nWith a [link](index.md).\n")
    for name in ("search.md", "offline.md"):
        (docs / name).write_text((ROOT / "docs" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (docs / "assets").mkdir()
    (docs / "assets/ada & <b>.png").write_bytes(png(300, 200))
    for slug, meta, body in _articles():
        _page(docs / "articles" / slug / "index.md", meta, body)
    featured = docs / "articles" / FEATURES
    (featured / "drain.svg").write_text(DIAGRAM, encoding="utf-8")
    (featured / "chart.png").write_bytes(png(1600, 400))
    for slug in (FEATURES, HOSTILE):
        (docs / "articles" / slug / "dot.png").write_bytes(png(16, 16))
    _write_lab(featured / "lab")
    config = {
        # The repository's Markdown settings and plugins; what is set here replaces what is there.
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "site_name": SITE_NAME,
        "site_url": site_url,
        "docs_dir": str(docs),
        "watch": [],
        "theme": {"custom_dir": str(ROOT / "overrides")},
        "plugins": _plugins(),
    }
    target = folder / "mkdocs.yml"
    target.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return target


def _plugins() -> list[Any]:
    """The repository's plugins with shorter pages."""
    plugins: list[Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["plugins"]
    for plugin in plugins:
        if isinstance(plugin, dict) and "engblog" in plugin:
            plugin["engblog"] |= {"page_size": PAGE_SIZE}
    return plugins


def _taxonomy() -> Mapping[str, Any]:
    categories: list[dict[str, Any]] = []
    for name, accent in zip(CATEGORIES, ACCENTS, strict=True):
        about = f'On {name}: "><script>alert("category")</script> & what follows from it.'
        categories.append({"name": name, "accent": accent, "description": about})
    categories[0]["subcategories"] = [{"name": "Queues", "description": f"Waiting & {SCRIPT}"}, {"name": "Unused"}]
    categories[6]["subcategories"] = [{"name": HOSTILE_SUBCATEGORY}]
    tags = [
        "Linux",
        "Redis",
        "C++",
        "C#",
        "数据库",
        "قواعد",
        "PostgreSQL",
        "Go",
        "Node.js",
        "TCP",
        TAG_OF_30,
        HOSTILE_TAG,
    ]
    return {
        "categories": categories,
        "tags": [{"name": name, "description": f"About {name} & <u>more</u>."} for name in tags],
    }


def _people() -> Mapping[str, Any]:
    links = [{"title": f"Site & {SCRIPT}", "url": "https://example.org/?a=1&b=2"}]
    return {
        "ada": {
            "name": "Ada Lovelace",
            "role": "Editor",
            "description": "Writes about engines.",
            "links": links,
            "portrait": "assets/ada & <b>.png",
        },
        "bobby": {"name": HOSTILE_AUTHOR, "role": f"Tester {SCRIPT}", "description": f"Likes </p>{SCRIPT} & tables."},
        "taro": {"name": "山田 太郎"},
        "layla": {"name": "ليلى"},
    }


def _articles() -> list[tuple[str, dict[str, Any], str]]:
    plain = "What the article shows, from the failure to the mechanism behind it, and what to do about it on Monday."
    first = {
        "title": "Every Feature That an Article Has",
        "description": f"{plain} This one is featured, and its whole description stands on the home page: {plain}",
        "date": DATES[FEATURES],
        "category": "Systems",
        "subcategory": "Queues",
        "tags": ["Linux", "Redis", "C++", "C#", "PostgreSQL", "Go"],
        "authors": ["ada", "bobby"],
        "featured": True,
        "updated": "2026-11-25",
        "review_by": "2026-11-24",
        "series": {"name": HOSTILE_SERIES, "part": 1},
        "requires": [LONG, PLAIN],
        "applies_to": {"PostgreSQL": "14–17", "Redis <b>": f"7 & {SCRIPT}"},
        "corrections": [
            {"date": "2026-11-24", "text": HOSTILE_CORRECTION},
            {"date": "2026-11-25", "text": "The unit was MB; it is MiB."},
        ],
    }
    long = {
        "title": TITLE_OF_140,
        "description": DESCRIPTION_OF_900,
        "date": DATES[LONG],
        "category": "Storage",
        "tags": [TAG_OF_30, "Linux", HOSTILE_TAG, "数据库", "قواعد", "Node.js", "TCP", "Go"],
        "authors": ["ada", "bobby", "taro", "layla"],
        "series": {"name": HOSTILE_SERIES, "part": 2},
        "aliases": [OLD_OF_LONG],
        "review_by": "2026-11-28",
    }
    hostile = {
        "title": HOSTILE_TITLE,
        "description": HOSTILE_DESCRIPTION,
        "date": DATES[HOSTILE],
        "category": HOSTILE_CATEGORY,
        "subcategory": HOSTILE_SUBCATEGORY,
        "tags": [HOSTILE_TAG, "C#", "C++"],
        "authors": ["bobby"],
        "aliases": [OLD_OF_HOSTILE, "/2019/hostile.html"],
        "review_by": "2026-11-30",
    }
    rtl = {
        "title": RTL_TITLE,
        "description": RTL_DESCRIPTION,
        "date": DATES[RTL],
        "category": "Storage",
        "tags": ["قواعد", "PostgreSQL", "Linux"],
        "authors": ["layla"],
    }
    cjk = {
        "title": CJK_TITLE,
        "description": CJK_DESCRIPTION,
        "date": DATES[CJK],
        "category": "数据",
        "tags": ["数据库", "PostgreSQL", "Linux"],
        "authors": ["taro"],
    }
    found: list[tuple[str, dict[str, Any], str]] = [
        (FEATURES, first, FEATURES_BODY),
        (LONG, long, "The text is short.\n\n## " + TITLE_OF_140 + "\n\nAnd ends.\n"),
        (HOSTILE, hostile, HOSTILE_BODY),
        (RTL, rtl, RTL_BODY),
        (CJK, cjk, CJK_BODY),
    ]
    for number in range(1, FILLERS + 1):
        # Two years, every category, and one category with more articles than a page holds.
        year, month, day = 2026 - number // 25, 11 - number % 11, 1
        category = CATEGORIES[number % len(CATEGORIES)] if number <= 16 else CATEGORIES[0]
        meta = {
            "title": f"Filler Number {number}, an Article Like Most",
            "description": f"{plain} Article {number}.",
            "date": f"{year}-{month:02}-{day:02}" if number > 1 else "2026-11-01",
            "category": category,
            "tags": [("Linux", "Redis", "Go")[number % 3], "TCP", "PostgreSQL"],
            "authors": ["ada"],
        }
        body = f"A paragraph.\n\n## One\n\n{'Words. ' * number}\n\n## Two\n\nEnd.\n"
        found.append((f"filler-{number:02}", meta, body))
    return found


def _page(path: Path, meta: Mapping[str, Any], body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = yaml.safe_dump(dict(meta), allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(f"---\n{head}---\n\n{body}", encoding="utf-8")


def _write_lab(lab: Path) -> None:
    """A lab as a recorded run leaves it."""
    lab.mkdir()
    (lab / "server.py").write_text(SERVER_PY, encoding="utf-8")
    (lab / "test_server.py").write_text(TEST_PY, encoding="utf-8")
    (lab / "settings.conf").write_text("hz 100\n# <b>not markup</b> & not an entity\n", encoding="utf-8")
    recorder = Recorder()
    recorder.version("PostgreSQL", "15.18")
    recorder.version("Redis <b>", "7.0.15")
    recorder.number("drain_time", 12.345, unit="ms", note="from SIGTERM to the last byte, one request in flight")
    recorder.number("hostile", f"1 < 2 & {SCRIPT}", note=HOSTILE_NOTE)
    recorder.running = "test_the_pause_stays_short"
    recorder.samples("pause", [12.1, 14.0, 11.8, 13.2, 98.7], unit="ms", note="longest pause of a client, one a run")
    chart = recorder.chart(
        "by_clients", title="Pause by clients <64", x="clients", y="longest pause, ms", note=f"one run {SCRIPT}"
    )
    for line, factor in (("with an index", 1), ("without", 9)):
        for clients in (1, 8, 64):
            chart.point(line, clients, clients * factor * 1.234567)
    recorder.running = "test_a_child_of_nobody_is_refused"
    recorder.number("refusal", REFUSAL, note="what the server answers to a child without its parent")
    lines = {name: TEST_PY[: TEST_PY.index(f"def {name}")].count("\n") + 1 for name in _CLAIMS}
    for name, claim in _CLAIMS.items():
        recorder.tests[name] = {"file": "test_server.py", "line": lines[name], "claim": claim}
    pause, child = recorder.tests["test_the_pause_stays_short"], recorder.tests["test_a_child_of_nobody_is_refused"]
    pause["servers"], child["servers"] = ["PostgreSQL"], ["PostgreSQL", "Redis <b>"]
    pause["counters"] = [
        {"when": when, "assertion": "longest < 100", "seen": seen}
        for when, seen in (
            ("`drain` is off and clients <b>do not</b> wait", "assert 5123.4 < 100"),
            ("the table has no index", "a pause that nobody would bear: assert 812.25 < 100"),
        )
    ]
    write_record(lab, recorder, ran="2026-11-23")
    short, refused = "test_the_pause_stays_short", "test_a_child_of_nobody_is_refused"
    runs: list[Mapping[str, Any]] = [
        {"product": "PostgreSQL", "version": version, "held": [short, refused], "failed": {}}
        for version in ("16.10", "17.6", "18.0")
    ]
    runs += [
        {"product": "PostgreSQL", "version": "14.19", "held": [refused], "failed": {short: NOT_ON_14}},
        {"product": "Redis <b>", "version": "8.2.1", "held": [refused], "failed": {}},
    ]
    write_versions(lab, runs, ran="2026-11-24")


_CLAIMS = {
    "test_a_child_of_nobody_is_refused": "A row without its parent is refused, and the message names the constraint.",
    "test_a_drained_server_loses_nothing": "A server that drains before it exits answers every request.",
    "test_hostile_claims_are_text": HOSTILE_CLAIM,
    "test_nobody_mentions_this": "A test that the text does not mention is listed behind the others.",
    "test_the_pause_stays_short": 'The longest pause stays below 100 ms while `VACUUM` runs, with 2 < 3 & "quotes".',
}


def png(width: int, height: int) -> bytes:
    """A picture of one falling edge, drawn here so that no binary file need stand beside the tests."""
    rows = bytearray()
    for y in range(height):
        edge = width * y // height
        rows += b"\0" + b"\x30" * edge + b"\xd8" * (width - edge)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
