"""What `engblog check --fix` changes, and above all what it leaves alone."""

from __future__ import annotations

import re

import pytest
from engblog.html.shown import LINE
from engblog.model.problems import Problems
from engblog.source.commonmark import read_blocks, render
from engblog.source.edit import apply_changes
from engblog.source.fixes import certain_day, fixes
from engblog.source.frontmatter import split
from engblog.source.vocabulary import read_taxonomy
from hypothesis import given
from hypothesis import strategies as st
from support.sources import TAXONOMY, article

KNOWN = read_taxonomy(TAXONOMY.encode(), "taxonomy.yml", Problems())


def fixed(text: str) -> str:
    return apply_changes(text, fixes(text, KNOWN))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[postgres, Go, k8s]", "[PostgreSQL, Go, Kubernetes]"),
        ("[redis, GO, 'pg']", "[Redis, Go, PostgreSQL]"),
        ('["node", Go, Redis]', '["Node.js", Go, Redis]'),
        ("\n- redis # the store\n- Go", "\n- Redis # the store\n- Go"),
        ("[Zig, Go, Redis]", "[Zig, Go, Redis]"),
        ("postgres", "postgres"),
    ],
)
def test_tags_get_their_names_in_the_taxonomy(written: str, meant: str) -> None:
    assert fixed(article(tags=written)) == article(tags=meant).replace("tags: \n", "tags:\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026/11/3", "2026-11-03"),
        ("2026.11.03", "2026-11-03"),
        ("2026-11-3", "2026-11-03"),
        ("3 November 2026", "2026-11-03"),
        ("3. Nov 2026", "2026-11-03"),
        ("Nov 3rd, 2026", "2026-11-03"),
        ("Sept 3 2026", "2026-09-03"),
        ("2026/11/03 18:00 UTC", "2026-11-03T18:00Z"),
        ("2026-11-03T18:00:00.000Z", "2026-11-03T18:00:00Z"),
        ("2026-11-3 18:00 +01:00", "2026-11-03T18:00+01:00"),
    ],
)
def test_a_day_that_is_certain_is_written_as_a_date(written: str, meant: str) -> None:
    assert certain_day(written) == meant
    assert certain_day(meant) is None
    assert fixed(article(date=written)) == article(date=meant)


@pytest.mark.parametrize(
    "written",
    [
        "3/4/2026", "03.04.2026", "2026-11-03", "2026-11-03T18:00", "2026/13/01", "2026/02/30", "Mai 3 2026", "soon",
        "Novel 3 2026", "2026-11/03", "3 November 1066", "2026-11-03T18:00:00.250Z", "",
    ],
)  # fmt: skip
def test_a_day_that_is_not_certain_stays(written: str) -> None:
    assert certain_day(written) is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_space_at_the_ends_of_lines_goes_where_it_means_nothing(end: str) -> None:
    text = article("One. \n \nTwo\t\n\n## Three  \n\nBroken  \nhere.  \n\n```\ncode  \n```\n\n    code  \n")
    meant = article("One.\n\nTwo\n\n## Three\n\nBroken  \nhere.\n\n```\ncode  \n```\n\n    code  \n")
    text = text.replace("title: When the server stops\n", "title: When the server stops \t\n")
    assert fixed(text.replace("\n", end)) == meant.replace("\n", end)


def test_a_list_gets_an_empty_line_before_it() -> None:
    text = "Three things:\n- one\n- two\n\n1. a\n2. b\nand:\n1. c\n\n> quoted:\n> - x\n"
    assert fixed(article(text)) == article(text.replace("things:\n", "things:\n\n"))


def test_a_byte_order_mark_and_odd_characters_stay() -> None:
    text = "\ufeff" + article("One.\x85 \n", tags="[redis, Go, MySQL]", title="A\u2028B")
    assert fixed(text) == "\ufeff" + article("One.\x85\n", tags="[Redis, Go, MySQL]", title="A\u2028B")


@pytest.mark.parametrize("text", ["", "No front matter.  \n", "---\ntitle: [\n---\nText.  \n", "---\na: b \n"])
def test_a_file_whose_front_matter_cannot_be_read_stays(text: str) -> None:
    assert fixed(text) == text


PIECES = st.sampled_from(
    [
        "word", " ", "  ", "\t", "\n", "\n\n", "- ", "* ", "1. ", "2) ", "> ", "    ", "```\n", "`", "<pre>\n",
        "</pre>", "<div>", "|", "---\n", "# ", "[^a]: ", ": ", "!!! note\n", "\\", "&nbsp;", "*", "<!--", "-->",
        "[a]: b",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_is_fixed_means_the_same_and_needs_no_further_fix(body: str, end: str) -> None:
    text = article(body, tags="[redis, Go, golang]", date="2026/11/3").replace("\n", end)
    after = fixed(text)
    assert fixed(after) == after
    assert meaning(after) == meaning(text)
    assert re.sub(r"\s", "", after.partition("status")[2]) == re.sub(r"\s", "", text.partition("status")[2])


def meaning(text: str) -> str:
    parts = split(text.replace("\r\n", "\n").replace("\r", "\n"), "", Problems())
    assert parts is not None
    return re.sub(rf' {LINE}="\d+"', "", render(read_blocks(parts.body).tokens))
