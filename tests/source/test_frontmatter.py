"""From bytes to front matter: what is refused, and exactly where."""

from __future__ import annotations

from pathlib import Path

from engblog.model.article import Taxonomy
from engblog.model.problems import Problems
from engblog.source.docs_files import DocsFiles
from engblog.source.frontmatter import MAX_BYTES, decode, split
from engblog.source.parse import Source, parse_article
from engblog.source.schema import Vocabulary, read_article
from hypothesis import given
from hypothesis import strategies as st
from support.sources import AUTHORS, TAXONOMY, article, codes, only, places, read

ANY = "articles/any/index.md"


def found(tmp_path: Path, content: str | bytes) -> list[str]:
    """The places of the problems of one article, without its path."""
    return [place.removeprefix(f"{ANY}:") for place in places(read(tmp_path, {ANY: content}), tmp_path)]


def message(tmp_path: Path, content: str | bytes) -> str:
    (problem,) = read(tmp_path, {ANY: content}).problems
    return f"{problem.message} | {problem.hint}"


def test_an_article_without_a_problem_is_read(tmp_path: Path) -> None:
    assert only(read(tmp_path, {ANY: article()})).title == "When the server stops"


def test_bytes_that_are_not_utf8_are_placed_by_character(tmp_path: Path) -> None:
    text = article("Größe: ").encode() + b"\xff\n"
    assert found(tmp_path, text) == ["8:8 S001"]
    assert "0xff" in message(tmp_path, text)


def test_bytes_that_are_not_utf8_are_placed_by_line_whatever_the_line_ends(tmp_path: Path) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        text = article("First.\nSecond ").encode().replace(b"\n", end) + b"\xe4\n"
        assert found(tmp_path, text) == ["9:8 S001"], end


def test_utf16_is_not_utf8(tmp_path: Path) -> None:
    assert found(tmp_path, article().encode("utf-16")) == ["1:1 S001"]


def test_a_file_of_ten_megabytes_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    content = article().encode() + b"x" * 10 * 1024 * 1024
    assert found(tmp_path, content) == ["1:1 S003"]
    assert "300 kB" in message(tmp_path, content)
    assert "2.0 MiB" not in message(tmp_path, content), "says that a file as large as the limit is too large"


def test_a_file_of_just_two_mebibytes_is_read(tmp_path: Path) -> None:
    head = article().encode()
    assert found(tmp_path, head + b"\n" * (MAX_BYTES - len(head))) == []


def test_an_empty_file_is_an_article_without_text(tmp_path: Path) -> None:
    assert found(tmp_path, "") == ["1:1 S002"]
    assert found(tmp_path, " \n\n") == ["1:1 S002"]


def test_front_matter_without_a_text_is_placed_below_the_closing_line(tmp_path: Path) -> None:
    assert found(tmp_path, article("\n")) == ["8:1 S002"]


def test_a_control_character_is_placed(tmp_path: Path) -> None:
    assert found(tmp_path, article("The \x00 byte.\n")) == ["8:5 S007"]
    assert "U+0000" in message(tmp_path, article("The \x00 byte.\n"))
    assert found(tmp_path, article("Fine.\nA bell: \x07\n")) == ["9:9 S007"]


def test_a_file_that_cannot_be_read_is_named() -> None:

    problems = Problems()
    assert (
        read_article(Source(parse_article(None, ANY)), Vocabulary(Taxonomy(), {}, DocsFiles(frozenset())), problems)
        is None
    )
    assert [problem.code.id for problem in problems.found] == ["S006"]


def test_a_file_must_start_with_front_matter(tmp_path: Path) -> None:
    assert found(tmp_path, "# A title\n") == ["1:1 Y001"]
    assert found(tmp_path, "\n" + article()) == ["1:1 Y001"]


def test_front_matter_must_be_closed(tmp_path: Path) -> None:
    assert found(tmp_path, article().replace("\n---\n", "\n")) == ["1:1 Y002"]


def test_front_matter_may_be_closed_by_dots_and_followed_by_blanks(tmp_path: Path) -> None:
    assert only(read(tmp_path, {ANY: article().replace("\n---\n", "\n... \n")})).body.startswith("The server")


def test_three_hyphens_in_a_code_fence_and_as_a_rule_are_text(tmp_path: Path) -> None:
    body = "```yaml\n---\nkey: value\n---\n```\n\n---\n\nThe end.\n"
    read_back = only(read(tmp_path, {ANY: article(body)}))
    assert read_back.body == body
    assert read_back.body_line == 8


def test_three_hyphens_in_a_block_of_front_matter_do_not_end_it(tmp_path: Path) -> None:
    text = "The failure, then the mechanism: --- and more, so that the text is long enough to be one.\n  ---x"
    assert only(read(tmp_path, {ANY: article(description=f">-\n  {text}")})).description.endswith("---x")


def test_a_byte_order_mark_moves_no_column(tmp_path: Path) -> None:
    assert only(read(tmp_path, {ANY: b"\xef\xbb\xbf" + article().encode()})).title == "When the server stops"
    broken = b"\xef\xbb\xbf" + article(titel="Wrong").encode()
    assert found(tmp_path, broken) == ["7:1 F001"]


def test_carriage_returns_move_no_line_and_no_column(tmp_path: Path) -> None:
    for end in ("\r\n", "\r"):
        windows = article("![](gone.png)\n", date="soon").replace("\n", end)
        assert found(tmp_path, windows) == ["4:7 F005", "8:1 R001", "8:1 R003"], repr(end)
    assert "\r" not in only(read(tmp_path, {ANY: article().replace("\n", "\r\n")})).body


def test_front_matter_of_nothing_misses_every_needed_key(tmp_path: Path) -> None:
    needed = ["1:1 F002"] * 5
    assert found(tmp_path, "---\n---\nText.\n") == needed
    assert found(tmp_path, "---\n\n---\nText.\n") == needed


def test_front_matter_of_comments_alone_is_not_an_article_that_vanishes(tmp_path: Path) -> None:
    assert found(tmp_path, "---\n# title: later\n---\nText.\n") == ["1:1 F002"] * 5


def test_a_vocabulary_file_may_start_with_the_mark_of_a_document(tmp_path: Path) -> None:

    files = {"taxonomy.yml": f"---\n{TAXONOMY}", "authors.yml": f"---\n{AUTHORS}", ANY: article()}
    assert codes(read(tmp_path, files)) == []


def test_every_place_counts_lines_from_the_top_of_the_file(tmp_path: Path) -> None:
    body = "One.\n\n![](one.png)\n\nTwo [link](two.md).\n"
    assert found(tmp_path, article(body)) == ["10:1 R001", "10:1 R003", "12:5 R004"]


def test_decode_and_split_leave_what_they_cannot_fault() -> None:
    problems = Problems()
    text = decode("\ufeff---\r\na: 1\r---\nText\x85more\n".encode(), ANY, problems)
    assert text == "---\na: 1\n---\nText\x85more\n"
    document = split(text, ANY, problems)
    assert document is not None
    assert document.fields is not None
    assert [key.text for key, _ in document.fields.pairs] == ["a"]
    assert (document.body, document.body_line) == ("Text\x85more\n", 4)
    assert problems.found == []


@given(st.binary(max_size=200))
def test_what_is_decoded_is_text_with_plain_line_ends(data: bytes) -> None:
    problems = Problems()
    text = decode(data, "a", problems)
    assert (text is None) == bool(problems.found)
    if text is not None:
        assert "\r" not in text
        assert not text.startswith("\ufeff") or data.startswith(b"\xef\xbb\xbf" * 2)


@given(st.text(alphabet=st.sampled_from("ab:- \n.#'\""), max_size=80))
def test_a_split_loses_and_invents_nothing(text: str) -> None:
    problems = Problems()
    document = split(text, "a", problems)
    if document is not None:
        assert text.endswith(document.body)
        before = text.removesuffix(document.body) if document.body else text
        assert document.body_line == before.count("\n") + (1 if before.endswith("\n") else 2)
        assert text.split("\n")[document.body_line - 2].rstrip() in {"---", "..."}
    else:
        assert problems.found
