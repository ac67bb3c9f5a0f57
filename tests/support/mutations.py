"""Sources of a site, changed as nobody would: pieces repeated, swapped, cut off, or replaced by odd ones."""

from __future__ import annotations

from hypothesis import strategies as st

from support.sources import article

SEEDS = (
    article("# H\n\n## One\n\nText with `code`, **bold**, [a link](https://example.org/) and {#x .y z=1}.\n\n- a\n"),
    article('!!! note "Title"\n\n    Inside.\n\n```go title="a.go"\nx := 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n'),
    article("Text[^1].\n\n[^1]: A note.\n\n<div markdown>\n\n*x*\n\n</div>\n\nTerm\n:   Definition\n"),
    article("It holds{claim:test_a}, {lab:a.b}.\n\n![Alt](a.png)\n\n> [!NOTE]\n> Text\n", updated="2026-11-21"),
    '---\ntitle: A page\nupdated: 2026-11-20\n---\n# A\n\nText, <b>bold</b> and --8<-- "x".\n',
    '# A page\n\n=== "Tab"\n\n    ```py\n    --8<-- "it\'s.txt"\n    ```\n',
)
"""Texts of articles and of a page."""
PIECES = (
    "[", "]", "(", ")", "<", ">", "`", "```", "*", "_", "**", "~~", "#", "|", "\\", "!", "!!! ", "???", "===",
    "> ", "- ", "1. ", "    ", "\t", "\n", "\n\n", "{", "}", "{:", "{a:=b", "<!--", "-->", "<![CDATA[", "<?",
    "</", "<div markdown>", "<b>", "</b>", "<p", "&", "&#0;", "&#x202e;", "---\n", "--8<-- \"a\"\n",
    "--8<-- \"../index.md\"\n", "[^1]", "[a]: b\n", ":   x\n", "$$", "\u202e", "\u2028", "\ufeff", "\x00",
    "\x1b", "\ud7ff", "é", "漢", "🚀", "title: x\n", "date: 3026-01-01\n", "template: nope.html\n", "view: x\n",
    "&a [*a]", "!!python/object:os.system x", "{lab:", "{claim:", "{given:", "++ctrl", "^x^", "==x==",
    "*[A]: b\n", "[TOC]\n", ":smile:", "www.a.b", "a@b.c", "javascript:",
)  # fmt: skip
"""What is inserted, once or very often."""
BYTES = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xfe\xff", b"\r", b"\x85")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """One of :data:`SEEDS` after a few changes."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(PIECES))
        match draw(st.sampled_from(["insert", "repeat", "cut", "double", "swap", "nest"])):
            case "insert":
                text = text[:at] + piece + text[at:]
            case "repeat":
                text = text[:at] + piece * draw(st.sampled_from([2, 30, 300, 6000])) + text[at:]
            case "cut":
                text = text[:at] + text[at + draw(st.integers(1, 40)) :]
            case "double":
                end = draw(st.integers(at, len(text)))
                text = text[:end] + text[at:end] * draw(st.sampled_from([1, 3, 40])) + text[end:]
            case "swap":
                text = text[at:] + text[:at]
            case "nest":
                lines = text.split("\n")
                row = draw(st.integers(0, len(lines) - 1))
                lines[row] = piece * draw(st.sampled_from([3, 25, 300])) + lines[row]
                text = "\n".join(lines)
        text = text[:400_000]
    data = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.sampled_from(BYTES)) + data[at:]
    return data
