"""The shortest site that has each problem, and where."""

from __future__ import annotations

from collections.abc import Mapping

from engblog.lab.record import lab_digest
from engblog.model.problems import Code

from support.labs import recorded
from support.pictures import LFS_POINTER, PNG
from support.sources import DRAWING, TAXONOMY, article

A = "articles/a/index.md"
LAB = {"articles/a/lab/test_a.py": "def test_a(): pass\n"}
DIGEST = lab_digest([("test_a.py", LAB["articles/a/lab/test_a.py"].encode())])
RAN = {
    **LAB,
    "articles/a/lab/record.json": recorded(
        {"ran": "2026-11-23", "machine": "", "versions": {"Redis": "7.0.15"}, "numbers": {}, "digest": DIGEST}
        | {"tests": {"test_a": {"file": "test_a.py", "line": 1, "claim": "", "servers": ["Redis"]}}}
    ),
    "articles/a/lab/versions.json": recorded(
        {"digest": DIGEST}
        | {"runs": [{"product": "Redis", "version": "6.2.5", "held": [], "failed": {"test_a": "assert 1 > 2"}}]}
    ),
}
EMPTY_RECORD = recorded({"ran": "2026-11-23", "machine": "", "versions": {}, "tests": {}, "numbers": {}, "digest": ""})

BROKEN: dict[Code, tuple[Mapping[str, str | bytes], str]] = {
    Code.S001_NOT_UTF8: ({A: b"\xff"}, f"{A}:1:1"),
    Code.S002_EMPTY: ({A: ""}, f"{A}:1:1"),
    Code.S003_TOO_LARGE: ({A: b"x" * 300_001}, f"{A}:1:1"),
    Code.S017_LONG_LINE: ({A: article("x" * 20_001)}, f"{A}:8:20001"),
    Code.S018_NESTED: ({A: article("> " * 21 + "x")}, f"{A}:8:1"),
    Code.S019_ELEMENTS: ({A: article("x\n\n" * 2501)}, f"{A}:5008:1"),
    Code.S020_INCLUDED: ({A: article("```\n" + '--8<-- "a"\n' * 201 + "```\n"), "articles/a/a": "x"}, f"{A}:209:9"),
    Code.S030_PLACEHOLDER: ({A: article("One.\n\n- [write: what]\n")}, f"{A}:10:3"),
    Code.F016_FUTURE: ({A: article(updated="2105-12-31")}, f"{A}:7:10"),
    Code.S004_SLUG: ({"articles/A b/index.md": article()}, "articles/A b/index.md:1:1"),
    Code.S005_MISPLACED: ({"articles/a.md": article()}, "articles/a.md:1:1"),
    Code.S007_CONTROL: ({A: article("\x01")}, f"{A}:8:1"),
    Code.Y001_NO_FRONT_MATTER: ({A: "# A\n"}, f"{A}:1:1"),
    Code.Y002_NOT_CLOSED: ({A: "---\na: b\n"}, f"{A}:1:1"),
    Code.Y003_SYNTAX: ({A: article(title="a: b")}, f"{A}:2:9"),
    Code.Y004_TAB: ({A: article(series="\n\ta: b")}, f"{A}:8:1"),
    Code.Y005_DUPLICATE_KEY: ({A: article().replace("\n---", "\ntitle: a\n---")}, f"{A}:7:1"),
    Code.Y006_ALIAS: ({A: article(title="&a b")}, f"{A}:2:8"),
    Code.Y007_NOT_MAPPING: ({A: "---\n- a\n---\nText.\n"}, f"{A}:2:1"),
    Code.Y008_TOO_DEEP: ({A: article(title="[" * 13 + "]" * 13)}, f"{A}:2:19"),
    Code.Y009_COMMENT: ({A: article(title="Incident #7")}, f"{A}:2:17"),
    Code.Y010_TAG: ({A: article(title="!important news")}, f"{A}:2:8"),
    Code.Y011_ESCAPE: ({A: article(title='"C:\\new"')}, f"{A}:2:11"),
    Code.Y012_EMPTY_BLOCK: ({A: article(subcategory=">")}, f"{A}:7:14"),
    Code.F001_UNKNOWN_KEY: ({A: article(x="y")}, f"{A}:7:1"),
    Code.F002_MISSING_KEY: ({A: article(title=None)}, f"{A}:2:1"),
    Code.F003_TYPE: ({A: article(title="[a]")}, f"{A}:2:8"),
    Code.F004_LENGTH: ({A: article(description="short")}, f"{A}:3:14"),
    Code.F005_DATE: ({A: article(date="soon")}, f"{A}:4:7"),
    Code.F006_CHOICE: ({A: article(status="done")}, f"{A}:7:9"),
    Code.F007_COUNT: ({A: article(tags="[Go]")}, f"{A}:6:7"),
    Code.F008_REPEATED: ({A: article(tags="[Go, Redis, MySQL, go]")}, f"{A}:6:26"),
    Code.F009_DATE_ORDER: ({A: article(updated="2026-11-19")}, f"{A}:7:10"),
    Code.F010_ALIAS_PATH: ({A: article(aliases="[old]")}, f"{A}:7:11"),
    Code.F011_NULL: ({A: article(subcategory="Null")}, f"{A}:7:14"),
    Code.T001_CATEGORY: ({A: article(category="x")}, f"{A}:5:11"),
    Code.T002_SUBCATEGORY: ({A: article(subcategory="x")}, f"{A}:7:14"),
    Code.T003_TAG: ({A: article(tags="[Go, Redis, MySQL, Zig]")}, f"{A}:6:26"),
    Code.T004_AUTHOR: ({A: article(authors="[eve]")}, f"{A}:7:11"),
    Code.T005_VOCABULARY_CLASH: ({"taxonomy.yml": f"{TAXONOMY}  - name: go\n"}, "taxonomy.yml:30:11"),
    Code.C002_SLUG_CLASH: (
        {"articles/Fs/index.md": article(), "articles/fs/index.md": article()},
        "articles/fs/index.md:1:1",
    ),
    Code.C003_FEATURED: (
        {A: article(featured="true"), "articles/b/index.md": article(featured="true")},
        "articles/b/index.md:1:1",
    ),
    Code.C004_REQUIRES: ({A: article(requires="[b]")}, f"{A}:1:1"),
    Code.C005_REQUIRES_CYCLE: ({A: article(requires="[a]")}, f"{A}:1:1"),
    Code.C006_SERIES_PART: (
        {A: article(series="{name: S, part: 1}"), "articles/b/index.md": article(series="{name: S, part: 1}")},
        "articles/b/index.md:1:1",
    ),
    Code.C007_ALIAS_CLASH: ({A: article(aliases="[/articles/2026/11/20/a/]")}, f"{A}:7:11"),
    Code.C008_ID_CLASH: (
        {A: article(id="/x/"), "articles/b/index.md": article(id="/x/")},
        "articles/b/index.md:7:5",
    ),
    Code.R001_PICTURE: ({A: article("![a](b.png)\n")}, f"{A}:8:1"),
    Code.R002_REMOTE: ({A: article("![a](//b/c.png)\n")}, f"{A}:8:1"),
    Code.R003_NO_ALT: ({A: article("![](b.png)\n"), "articles/a/b.png": b""}, f"{A}:8:1"),
    Code.R004_LINK: ({A: article("[a](b.md)\n")}, f"{A}:8:1"),
    Code.R005_INCLUDE: ({A: article('```\n--8<-- "b"\n```\n')}, f"{A}:9:9"),
    Code.R006_INCLUDE_OUTSIDE: ({A: article('```\n--8<-- "../b"\n```\n')}, f"{A}:9:9"),
    Code.R007_RAW_HTML: ({A: article("<script>\n")}, f"{A}:8:1"),
    Code.R008_FENCE: ({A: article("```\n")}, f"{A}:8:1"),
    Code.R009_DIAGRAM: (
        {A: article("![a](b.svg)\n"), "articles/a/b.svg": DRAWING.replace(' viewBox="0 0 720 400"', "")},
        f"{A}:8:1",
    ),
    Code.R010_INCLUDE_IN_PROSE: ({A: article('--8<-- "lab/test_a.py"\n'), **LAB}, f"{A}:8:9"),
    Code.R011_NOT_A_PICTURE: ({A: article("![a](b.png)\n"), "articles/a/b.png": PNG[:-1]}, f"{A}:8:1"),
    Code.R012_HELD_BACK: (
        {A: article("Not [yet](../b/index.md).\n"), "articles/b/index.md": article(status="draft")},
        f"{A}:8:5",
    ),
    Code.R013_NO_PAGE: ({A: article("[a](notes.md)\n"), "articles/a/notes.md": "Notes.\n"}, f"{A}:8:1"),
    Code.R014_NOT_FETCHED: ({A: article("![a](b.png)\n"), "articles/a/b.png": LFS_POINTER}, f"{A}:8:1"),
    Code.S011_DOCUMENT: (
        {A: article("[a](b.txt) ![a](b.svg) a\n"), "articles/a/b.svg": DRAWING.replace("<rect", "<script/><rect")}
        | {"articles/a/b.txt": ""},
        "articles/a/b.svg:1:104",
    ),
    Code.S013_KIND: ({A: article("[a](b.exe)\n"), "articles/a/b.exe": "x"}, "articles/a/b.exe:1:1"),
    Code.S014_CONTENT: ({A: article("[a](b.txt)\n"), "articles/a/b.txt": b"\0"}, "articles/a/b.txt:1:1"),
    Code.R022_IN_ARCHIVE: ({A: article("[a](lab/b.js)\n", status="draft"), "articles/a/lab/b.js": ""}, f"{A}:9:1"),
    Code.R016_HEADING: ({A: article("### A\n")}, f"{A}:8:1"),
    Code.R017_OPENING: ({A: article("```js {1}\n```\n")}, f"{A}:8:4"),
    Code.R018_TABLE: ({A: article("| a |\n|---|\n| b | c |\n")}, f"{A}:10:7"),
    Code.R019_TAG: ({A: article("A Vec<T>.\n")}, f"{A}:8:6"),
    Code.R020_CITATION: ({A: article("A.[^b]\n")}, f"{A}:8:3"),
    Code.F013_UNSEEN: ({A: article(title='"\u202e"')}, f"{A}:2:8"),
    Code.F014_DIRECTION: ({A: article(title='"a \u202e b"')}, f"{A}:2:8"),
    Code.R024_CLASS: ({A: article("A *b*{: .skip }\n")}, f"{A}:8:6"),
    Code.R025_ID: ({A: article("## B {#page--content}\n")}, f"{A}:8:6"),
    Code.R026_PROOF: ({A: article("A *b*{: .claim }\n")}, f"{A}:8:6"),
    Code.R028_DIRECTION: ({A: article("```\na \u202e b\n```\n")}, f"{A}:9:3"),
    Code.R038_ALLOWANCE: ({A: article("<!-- engblog: allow R016 because -->\n## A\n")}, f"{A}:8:1"),
    Code.L001_NO_RECORD: ({A: article(), **LAB}, "articles/a/lab/record.json:1:1"),
    Code.L002_STALE: (
        {A: article(), **LAB, "articles/a/lab/record.json": EMPTY_RECORD},
        "articles/a/lab/record.json:1:1",
    ),
    Code.L003_RECORD: ({A: article(), **LAB, "articles/a/lab/record.json": "{}"}, "articles/a/lab/record.json:1:1"),
    Code.L004_NUMBER: ({A: article("{lab:a}\n")}, f"{A}:8:1"),
    Code.L005_CLAIM: ({A: article("{claim:a}\n")}, f"{A}:8:1"),
    Code.L006_NOT_HELD: ({A: article("A.{claim:test_a}\n"), **RAN}, f"{A}:8:3"),
    Code.L007_HELD: ({A: article("A.{claim:test_a not on Redis 6.2, Redis 7}\n"), **RAN}, f"{A}:8:3"),
    Code.L008_MARK: ({A: article("A.{claim:test_a on Redis 6.2}\n"), **RAN}, f"{A}:8:3"),
    Code.L009_SETTINGS: (
        {A: article(), **RAN, "articles/a/lab/lab.toml": "[time]\nsecond = 3\n"},
        "articles/a/lab/lab.toml:2:1",
    ),
    Code.L010_CHART: ({A: article("![It rises](chart:a)\n")}, f"{A}:8:1"),
    Code.L011_NO_SOURCE: ({A: article("It took 36 ms.\n")}, f"{A}:8:9"),
    Code.L012_NO_REASON: ({A: article("It took 36 ms {given:}.\n")}, f"{A}:8:15"),
}
"""For each code the files of a docs folder, and the place of the problem, without the codes that no text alone can
have."""
