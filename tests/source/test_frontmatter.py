"""From bytes to front matter: what is refused, and exactly where."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.article import Taxonomy
from engblog.model.problems import Problems
from engblog.source.frontmatter import MAX_BYTES, decode, split
from engblog.source.parse import Source, parse_article
from engblog.source.schema import Vocabulary, read_article
from support.sources import AUTHORS, KEYS, TAXONOMY, article, codes, only, places, read

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
    assert "2 MiB" in message(tmp_path, content)
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
    assert read_article(Source(parse_article(None, ANY)), Vocabulary(Taxonomy(), {}, frozenset()), problems) is None
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


def test_a_tab_in_yaml_is_placed_on_the_tab(tmp_path: Path) -> None:
    assert found(tmp_path, article(series="\n\tname: Durability\n\tpart: 1")) == ["8:1 Y004"]
    assert found(tmp_path, article(tags="\n  - Redis\n \t- Go")) == ["8:2 Y004"]


def test_a_tab_elsewhere_in_a_broken_line_is_not_to_blame(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Redis: the\tend")) == ["2:13 Y003"]
    assert only(read(tmp_path, {ANY: article(title='"The\tend"')})).title == "The end"


def test_a_duplicate_key_is_placed_on_the_second_and_names_the_first(tmp_path: Path) -> None:
    text = article().replace("\ncategory:", "\ntitle: Again\ncategory:")
    assert found(tmp_path, text) == ["5:1 Y005"]
    assert "line 2" in message(tmp_path, text)


def test_a_duplicate_key_deep_inside_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, article(series="{name: Durability, part: 1, part: 2}")) == ["7:37 Y005"]


def test_a_yaml_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    places_found = found(tmp_path, article().replace("\n---\n", "\n" + "\n".join(bomb) + "\n---\n"))
    assert places_found[0] == "7:5 Y006"
    assert {place.split()[1] for place in places_found} == {"Y006"}
    assert len(places_found) == 10 + 90, "every anchor and every alias, each at its place"


def test_an_unquoted_star_is_explained(tmp_path: Path) -> None:
    text = article(title="*args in Python")
    assert found(tmp_path, text)[0] == "2:8 Y006"
    assert "quote" in str(read(tmp_path, {ANY: text}).problems[0])


def test_yaml_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "---\n- title\n- date\n---\nText.\n") == ["2:1 Y007"]
    assert found(tmp_path, "---\njust text\n---\nText.\n") == ["2:1 Y007"]


def test_front_matter_of_nothing_misses_every_needed_key(tmp_path: Path) -> None:
    needed = ["1:1 F002"] * 5
    assert found(tmp_path, "---\n---\nText.\n") == needed
    assert found(tmp_path, "---\n\n---\nText.\n") == needed


def test_front_matter_of_comments_alone_is_not_an_article_that_vanishes(tmp_path: Path) -> None:
    assert found(tmp_path, "---\n# title: later\n---\nText.\n") == ["1:1 F002"] * 5


def test_nesting_and_length_are_limited(tmp_path: Path) -> None:
    assert [place.split()[1] for place in found(tmp_path, article(series="[" * 40 + "]" * 40))] == ["Y008"]
    assert found(tmp_path, article(series="[" * 40 + "]" * 40)) == ["7:20 Y008"]
    assert found(tmp_path, article(title="x" * 70_000)) == ["2:1 Y008"]
    head = article().partition("\n---")[0].removeprefix("---\n")
    assert found(tmp_path, article(title="x" * (64 * 1024 - len(head) + len(KEYS["title"])))) == []
    assert found(tmp_path, article(title="x" * (64 * 1024 - len(head) + len(KEYS["title"]) + 1))) == ["2:1 Y008"]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("title: [unclosed", "2:8 Y003"),
        ("title: Redis: the end", "2:13 Y003"),
        ("title: @home", "2:8 Y003"),
        ('title: "unclosed', "2:8 Y003"),
        ("title: {unclosed", "2:8 Y003"),
        ("title: a\nbad", "3:1 Y003"),
    ],
)
def test_a_syntax_error_is_placed_where_the_parser_gave_up(tmp_path: Path, line: str, place: str) -> None:
    text = f"---\n{line}\ndescription: x\n---\nText.\n"
    assert found(tmp_path, text) == [place]
    assert "needs quotes" in message(tmp_path, text)


def test_a_value_with_a_colon_is_placed_on_the_colon(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Redis: the end")) == ["2:13 Y003"]


def test_a_character_that_yaml_does_not_allow_is_placed_by_character(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Größe \x90 here")) == ["2:14 Y003"]


def test_an_unusual_line_separator_moves_no_line(tmp_path: Path) -> None:
    """YAML counts U+0085, U+2028 and U+2029 as line ends; editors do not."""
    for separator in ("\u2028", "\u2029", "\x85"):
        text = article(title=f'"One{separator}two"', date="soon")
        assert found(tmp_path, text) == ["4:7 F005"], ascii(separator)


def test_a_second_document_inside_is_refused(tmp_path: Path) -> None:
    text = article(series="x\n--- # again\na: b")
    assert found(tmp_path, text) == ["8:1 Y003"]
    assert "a second YAML document" in message(tmp_path, text)


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
