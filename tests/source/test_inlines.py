"""Code, tags and addresses of a line are found where CommonMark finds them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import pytest
from engblog.source.inlines import ATTRIBUTE, TAG, Piece, PieceKind, pieces
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

COMMONMARK = MarkdownIt("commonmark")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in pieces(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", [("text", "plain")]),
        ("", []),
        ("a `b` c", [("text", "a "), ("code", "`b`"), ("text", " c")]),
        ("`` a ` b ``", [("code", "`` a ` b ``")]),
        ("`a\nb`", [("code", "`a\nb`")]),
        ("```a``", [("text", "```"), ("text", "a"), ("text", "``")]),
        ("`a\\` b`", [("code", "`a\\`"), ("text", " b"), ("text", "`")]),
        ("\\`a`", [("escape", "\\`"), ("text", "a"), ("text", "`")]),
        ("a\\b", [("text", "a\\b")]),
        ("a\\\nb", [("text", "a"), ("break", "\\\n"), ("text", "b")]),
        ("<b>x</b>", [("tag", "<b>"), ("text", "x"), ("tag", "</b>")]),
        ("<b\n c='>' d=e f/>", [("tag", "<b\n c='>' d=e f/>")]),
        ("<b c=\"`\">`", [("tag", "<b c=\"`\">"), ("text", "`")]),
        ("`<b c=\"`\">", [("code", "`<b c=\"`"), ("text", "\">")]),
        ("a<b and 1 < 2>", [("text", "a<b and 1 < 2>")]),
        ("<a: b>", [("text", "<a: b>")]),
        ("<https://x/`y`>", [("address", "<https://x/`y`>")]),
        ("<a@b.c>", [("address", "<a@b.c>")]),
        ("a <!-- `b` --> c", [("text", "a "), ("hidden", "<!-- `b` -->"), ("text", " c")]),
        ("<?x?><!DOCTYPE y>", [("hidden", "<?x?>"), ("hidden", "<!DOCTYPE y>")]),
        ("<![CDATA[<z>]]> <!x", [("hidden", "<![CDATA[<z>]]>"), ("text", " <!x")]),
        ("[a](<b c> 'd')", [("text", "[a"), ("text", "](<b c>"), ("text", " 'd')")]),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


PARTS = st.sampled_from(
    [
        "`", "``", "<b>", "</b>", "<", ">", "\\", "a", " ", "*", "[", "]", "(", ")", "<!-- x -->", "<a@b.c>", "<u:x>",
        '"', "\n", '<b c="', "<?", "?>", "!", "\\`", "-", "=", "<!D", "<![CDATA[", "]]>", "<i\n",
    ]
)  # fmt: skip
LINES = st.lists(PARTS, max_size=14).map("".join)


@given(LINES)
def test_the_pieces_are_the_line(text: str) -> None:
    found = [*pieces(text)]
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text and text.startswith(piece.text, piece.start) for piece in found)


@given(LINES.filter(lambda text: "](<" not in text).map(lambda text: f"x{text}x"))
def test_code_and_html_are_those_of_the_reference_parser(text: str) -> None:
    """But a target in angle brackets is read as one even where no link is around it, and comments as of 0.31."""
    (inline,) = COMMONMARK.parseInline(text)
    wanted = [(token.type, token.content) for token in _flat(inline.children or ()) if token.type in _READ]
    assert [*_read(pieces(text))] == wanted


_READ = {"code_inline", "html_inline"}


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _read(found: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    for piece in found:
        if piece.kind in {PieceKind.TAG, PieceKind.HIDDEN}:
            yield "html_inline", piece.text
        elif piece.kind is PieceKind.CODE:
            width = len(piece.text) - len(piece.text.lstrip("`"))
            code = piece.text[width:-width].replace("\n", " ")
            is_padded = code[0] == code[-1] == " " and code.strip()
            yield "code_inline", code[1:-1] if is_padded else code


@pytest.mark.parametrize(
    "piece", ["`", "``` `", "<b", "<b c='", "<!--", "<?", "<!a", "<![CDATA[", "](<", "\\", "<a:", "`a", "<a@a."]
)
def test_a_long_line_takes_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    assert sum(len(found.text) for found in pieces(piece * 20_000)) == len(piece) * 20_000
    assert time.process_time() - start < 5


def test_the_parts_of_a_tag_are_named() -> None:
    found = TAG.fullmatch("<a href='x y' b c=d/>")
    assert found is not None
    assert (found["name"], found["end"], found["empty"]) == ("a", None, "")
    assert [each["name"] for each in ATTRIBUTE.finditer(found["attributes"])] == ["href", "b", "c"]
    assert [TAG.fullmatch(text)["empty"] for text in ("<br/>", "<br />", "<br>")] == ["/", "/", ""]  # type: ignore[index]
    assert TAG.fullmatch("</B >")["end"] == "B"  # type: ignore[index]
