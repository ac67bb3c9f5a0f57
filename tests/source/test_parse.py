"""Whatever stands in a file, the check says what is wrong with it and never breaks."""

from __future__ import annotations

import random
from typing import Any

import yaml
from engblog.model.article import Article
from engblog.model.problems import Code, Problems, report
from engblog.source.docs_files import DocsFiles
from engblog.source.parse import Source, parse_article
from engblog.source.schema import KEYS, Vocabulary, read_article
from engblog.source.vocabulary import read_people, read_taxonomy
from hypothesis import given
from hypothesis import strategies as st
from support.pictures import LFS_POINTER
from support.sources import AUTHORS, TAXONOMY, article

FULL = article(
    "Text with `code`, a [link](a.md), ![a picture](a.png), {lab:key}, {claim:test_a} and <b>.\n\n```go\n"
    '--8<-- "lab/a.go:main"\n```\n',
    subcategory="Storage",
    authors="[ada, grace]",
    featured="true",
    status="published",
    updated="2026-11-22T10:00:00+01:00",
    review_by="2027-11-20",
    aliases="[/old/name/]",
    series="{name: Durability, part: 2}",
    requires="[any]",
    applies_to='{PostgreSQL: "14–17"}',
    corrections="[{date: 2026-11-22, text: It is 12 ms.}]",
)

VOCABULARY = Vocabulary(
    read_taxonomy(TAXONOMY.encode(), "t", Problems()),
    read_people(AUTHORS.encode(), "a", Problems()),
    DocsFiles(frozenset()),
)


def check(data: bytes, **more: Any) -> tuple[Article | None, Problems]:
    """Read *data*; whatever it is, there is an article or a problem, in the file, that can be printed."""
    problems = Problems()
    found = read_article(Source(parse_article(data, "articles/any/index.md"), **more), VOCABULARY, problems)
    assert (found is None) == bool(problems.found), (
        "an article that vanishes without a word, or one in spite of a problem"
    )
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    for problem in problems.sorted():
        assert 1 <= problem.mark.line <= lines + 1, problem
        assert problem.mark.column >= 1, problem
        assert problem.message.isprintable(), problem
    report(problems.sorted()).encode()
    if found is not None:
        assert found.minutes >= 1
        assert found.published.instant.timestamp()
        assert found.url.startswith("articles/")
    return found, problems


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    check(data)
    check(b"---\n" + data + b"\n---\nText.\n")


@given(st.text(max_size=300))
def test_random_text(text: str) -> None:
    check(text.encode())
    check(f"---\n{text}\n---\n{text}".encode())


yaml_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=20)
    | st.sampled_from(
        ["Database", "Redis", "2026-11-20", "2026-11-20T10:00:00", "true", "draft", "/a/", "\u2028", "x" * 901]
    ),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8) | st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=10), yaml_values, max_size=len(KEYS)), st.booleans())
def test_random_front_matter_of_known_keys(mapping: dict[str, Any], flow: bool) -> None:
    head = yaml.safe_dump(mapping, allow_unicode=True, default_flow_style=flow)
    check(f"---\n{head}\n---\nText.\n".encode())


@given(st.sampled_from(KEYS), yaml_values)
def test_a_right_article_with_one_key_of_anything(key: str, value: Any) -> None:
    dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**6)
    check(article(**{key: dumped.removesuffix("...\n").strip()}).encode())


PIECES = [
    ":",
    "- ",
    "\n",
    "\t",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "!!x",
    "|",
    ">-",
    "'",
    '"',
    "#",
    "---\n",
    "...\n",
    "?",
    ",",
    "%",
    "`",
    "```\n",
    "~~~",
    "<",
    ">",
    "<script>",
    "![",
    "](",
    "](//x)",
    "--8<--\n",
    '--8<-- "x"\n',
    "{lab:",
    "{claim:",
    "\x00",
    "\ufeff",
    "\u2028",
    "\x85",
    "\r",
    "\r\n",
    "0",
    "2026-11-20",
    "ö",
    "\U0001f600",
    "null",
    "true",
]


@given(st.integers(0, 2**32), st.integers(1, 10))
def test_a_right_article_with_pieces_put_in_and_taken_out(seed: int, count: int) -> None:
    chance = random.Random(seed)
    text = FULL
    for _ in range(count):
        at = chance.randrange(len(text))
        end = min(len(text), at + chance.choice([0, 0, 1, 5, 40]))
        text = text[:at] + chance.choice(PIECES) + text[end:]
    check(text.encode(), includes={"lab/a.go": text, "lab/b.go": None})


@given(st.integers(0, 2**32), st.integers(1, 20))
def test_a_right_article_with_bytes_changed(seed: int, count: int) -> None:
    chance = random.Random(seed)
    data = bytearray(FULL.encode())
    for _ in range(count):
        data[chance.randrange(len(data))] = chance.randrange(256)
    check(bytes(data))


def test_an_article_that_git_lfs_has_not_fetched_says_so() -> None:
    (problem,) = parse_article(LFS_POINTER, "articles/any/index.md").problems
    assert (problem.code, problem.hint) == (Code.R014_NOT_FETCHED, "run: git lfs pull")
