"""Our marks in Markdown become what any reader of Markdown knows."""

from __future__ import annotations

import time

import pytest
from engblog.outputs.twins.markdown import Marks, fenced, plain

SITE = "https://mini.example/blog/"

FILES = {
    "lab/server.go": (
        "package main\n\n// --8<-- [start:main]\nfunc main() {\n\tserve() // {lab:raw}\n}\n// --8<-- [end:main]\n"
    ),
    "lab/nested.py": (
        "class A:\n    # --8<-- [start:method]\n    def b(self):\n        return 1\n    # --8<-- [end:method]\n"
    ),
    "lab/fence.md": "```text\nin a fence\n```\n",
    "lab/prose.md": "Included *prose* with {lab:time}.\n",
}


def _lines(target: str) -> list[str] | None:
    name, _, section = target.partition(":")
    if name not in FILES:
        return None
    lines = FILES[name].rstrip("\n").split("\n")
    if not section:
        return [line for line in lines if "8<" not in line]
    start = next(n for n, line in enumerate(lines) if f"[start:{section}]" in line)
    end = next(n for n, line in enumerate(lines) if f"[end:{section}]" in line)
    return lines[start + 1 : end]


MEANINGS = Marks(
    include=_lines,
    address=lambda target: target if "//" in target else f"{SITE}a/{target}",
    number={"time": "12.5 ms"}.get,
    chart=lambda key, description: [f"({description})", "", "| x | y |"] if key == "pace" else None,
    claim={"test_it": f" ([verified by a test]({SITE}a/lab/#test-it))", "test_quiet": ""}.get,
)

CASES = {
    "a chart is what it shows and its data": (
        'Text.\n\n![It\nrises](chart:pace "The *pace*.")\n\nMore.\n',
        "Text.\n\n(It rises)\n\n| x | y |\n\nThe *pace*.\n\nMore.\n",
    ),
    "a chart that is unknown": ("![It](chart:nope)\n", f"![It]({SITE}a/chart:nope)\n"),
    "why a figure needs no source is not for readers": ("It sends 9 keys {given:our load}.\n", "It sends 9 keys.\n"),
    "prose stays": ("One *line*.\nAnother.\n", "One *line*.\nAnother.\n"),
    "an include, and a fence without its title": (
        '```go title="lab/server.go" hl_lines="2"\n--8<-- "lab/server.go:main"\n```\n',
        "`lab/server.go`:\n\n```go\nfunc main() {\n\tserve() // {lab:raw}\n}\n```\n",
    ),
    "an include in a list": (
        '1. One\n\n    ```python\n    --8<-- "lab/nested.py:method"\n    ```\n',
        "1. One\n\n   ```python\n       def b(self):\n           return 1\n   ```\n",
    ),
    "a fence inside an included file": (
        '````text\n--8<-- "lab/fence.md"\n````\n',
        "````text\n```text\nin a fence\n```\n````\n",
    ),
    "a fence of waves": ("~~~ { .sql title='x' }\nSELECT 1;\n~~~\n", "`x`:\n\n```sql\nSELECT 1;\n```\n"),
    "a fence without a language": ('``` title="x"\na\n```\n', "`x`:\n\n```\na\n```\n"),
    "a fence that never ends": ("```text\na\n", "```text\na\n```\n"),
    "an include in a quotation": (
        '> ```go\n> --8<-- "lab/server.go:main"\n> ```\n',
        "> ```go\n> func main() {\n> \tserve() // {lab:raw}\n> }\n> ```\n",
    ),
    "an include of prose, which the check refuses": ('--8<-- "lab/prose.md"\n', '--8<-- "lab/prose.md"\n'),
    "an include that is shown as it stands": (
        '`x` and\n\n> --8<-- "lab/prose.md"\n',
        '`x` and\n\n> --8<-- "lab/prose.md"\n',
    ),
    "an escaped include": ('```text\n;--8<-- "lab/prose.md"\n```\n', '```text\n--8<-- "lab/prose.md"\n```\n'),
    "numbers and claims": (
        "It took {lab:time}.\n{claim:test_it} More.{claim:test_quiet}\n",
        f"It took 12.5 ms. ([verified by a test]({SITE}a/lab/#test-it)) More.\n",
    ),
    "marks in code": ("`{lab:time}` and `` `{claim:test_it}` ``\n", "`{lab:time}` and `` `{claim:test_it}` ``\n"),
    "unknown marks": ("{lab:gone} {claim:gone}\n", "{lab:gone} {claim:gone}\n"),
    "links": (
        "[a](../b/index.md#c) [`code`](x.md 'T') <https://e.example/> [r][r] "
        "[e](https://e.example/a_(b))\n\n[r]: y.md\n",
        f"[a]({SITE}a/../b/index.md#c) [`code`]({SITE}a/x.md 'T') <https://e.example/> [r][r] "
        f"[e](https://e.example/a_(b))\n\n[r]: {SITE}a/y.md\n",
    ),
    "a picture": (
        '![What is seen](drain.svg "The caption."){ .wide }\n',
        f'![What is seen]({SITE}a/drain.svg "The caption.")\n',
    ),
    "attribute lists": ("## A heading {#own .x}\n\nA word{: title='t' }.\n", "## A heading\n\nA word.\n"),
    "braces that are no attribute list": ("A set {1, 2} and {x}.\n", "A set {1, 2} and {x}.\n"),
    "an admonition": (
        '!!! danger "If you are in it"\n    First `{lab:time}`.\n\n    ```sh\n    ls\n    ```\n\nAfter.\n',
        "> **If you are in it**\n>\n> First `{lab:time}`.\n>\n> ```sh\n> ls\n> ```\n\nAfter.\n",
    ),
    "an admonition without a title": ('??? note ""\n    Text.\n', "> Text.\n"),
    "an admonition by its kind": ("???+ tip\n    Text.\n", "> **Tip**\n>\n> Text.\n"),
    "tabs": (
        '=== "Go"\n\n    ```go\n    a\n    ```\n\n=== "Node"\n    b\n',
        "**Go**\n\n```go\na\n```\n\n**Node**\n\nb\n",
    ),
    "what looks like an admonition in code": ("```text\n!!! note\n    x\n```\n", "```text\n!!! note\n    x\n```\n"),
    "footnotes": ("A[^x].\n\n[^x]: See [it](y.md).\n", f"A[^x].\n\n[^x]: See [it]({SITE}a/y.md).\n"),
    "code by indentation": ("A\n\n    {lab:time} [a](b)\n\nB\n", "A\n\n    {lab:time} [a](b)\n\nB\n"),
    "a paragraph of a list": ("- A\n\n    {lab:time}\n", "- A\n\n  12.5 ms\n"),
    "comments": ("A <!-- {lab:time} --> B\n\n<!--\nx\n-->\nC\n", "A  B\n\nC\n"),
    "a comment that keeps two lists apart": ("- A\n\n<!-- x -->\n\n- B\n", "- A\n\n<!-- -->\n\n- B\n"),
    "boxes of HTML": ('<div class="x" markdown>\nA\n</div>\n', "A\n"),
    "an element with an address": ('<a href="x.html">x</a>\n', f'<a href="{SITE}a/x.html">x</a>\n'),
    "keys": ("Press ++ctrl+c++.\n", "Press `Ctrl+C`.\n"),
    "a language in a line of code": ("`#!python print(1)`\n", "`print(1)`\n"),
}


@pytest.mark.parametrize(("given", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_ours_becomes_what_any_reader_knows(given: str, expected: str) -> None:
    assert plain(given, MEANINGS) == expected


@pytest.mark.parametrize("piece", ["[", "{", "`", "<a ", "](", "{ .a", "++a+", "![a](<", "<!--", "{lab:", "[a]:"])
def test_odd_text_is_read_in_bounded_time(piece: str) -> None:
    began = time.process_time()
    plain(piece * 20_000 + " -->" + piece, MEANINGS)
    assert time.process_time() - began < 2


def test_a_fence_is_longer_than_any_inside() -> None:
    assert [*fenced(["````", "x", ""], "md")] == ["`````md", "````", "x", "", "`````"]
    assert [*fenced(["> \t```` x"], "")] == ["`````", "> \t```` x", "`````"]
    assert [*fenced(['a = "```"'], "go")] == ["```go", 'a = "```"', "```"], "what does not begin a line ends no fence"
    assert [*fenced(["~~~", "````"], "", "~")] == ["~~~~", "~~~", "````", "~~~~"]
