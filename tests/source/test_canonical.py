"""Texts are written so that Python-Markdown shows what GitHub shows; each case was once shown otherwise."""

from __future__ import annotations

import pytest
from engblog.html.shown import shown
from engblog.source.canonical import canonical
from engblog.source.commonmark import read_blocks
from support.texts import on_github, page_of, problems_of

AS_ON_GITHUB = {
    "a list right after a paragraph": "Text:\n- one\n- two\n",
    "a list nested by two blanks": "- one\n  - two\n    - three\n- four\n",
    "a list nested by three blanks": "1. one\n   - two\n2. three\n",
    "code in a step": "1. one\n   ```sh\n   ls\n   ```\n2. two\n3. three\n",
    "code in a step without a blank line": "- one\n  ```js\n  x\n  ```\n- two\n",
    "a list that begins with code": "- ```\n  x\n  ```\n- y\n",
    "a list from three on": "3. three\n4. four\n",
    "a list with brackets": "1) one\n2) two\n",
    "two lists": "- a\n- b\n\n* c\n\n1. d\n",
    "a list and code": "- a\n\n<!-- -->\n\n    code\n",
    "two quotations": "> a\n\n> b\n",
    "a table right after a paragraph": "Text\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "a table in a list": "- a\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n",
    "a pipe in the code of a cell": "| a |\n|---|\n| `x \\| y` |\n",
    "a pipe in a cell": "| a |\n|---|\n| x \\| y |\n",
    "a number sign that wraps": "See\n#14125 for more.\n",
    "a number sign at the start": "#14125 is done.\n",
    "C sharp": "## C#\n\n## F# ##\n",
    "a heading under a line": "One\n---\n\ntext\n",
    "generics": "A Vec<T, U> and a < b.\n",
    "a name with an underscore in brackets": "<my_file>\n",
    "struck text": "~~a~~ and ~b~\n",
    "a backslash at a line's end": "one\\\ntwo\n",
    "escapes": "\\< \\> \\& \\$ \\~ \\| \\: \\' \\\" \\@ \\, \\= \\% \\/ \\^\n",
    "code with blanks at an edge": "Use `a `and` b`.\n",
    "a label with code": "[`x`] and [y][`x`]\n\n[`x`]: https://a.example/\n",
    "a label in brackets": "[[a b]]\n\n[a b]: https://a.example/\n",
    "an address with brackets and quotation marks": "[x](https://a.example/f('b'))\n",
    "braces that are no attributes": "## {verb} {object}\n\nDone. {% end %}\n",
    "Markdown in HTML": "<details>\n<summary>s</summary>\n\n- **a**\n\n</details>\n",
    "Markdown in a box of HTML": "<div class='x'>\n\n| a |\n|---|\n| b |\n\n</div>\n",
    "a line of an indented paragraph": "text\n      - not a list\n",
    "a number in a paragraph": "In\n1986. It was.\n",
    "a definition between items": "- a\n\n[x]: https://a.example\n\n- b [x]\n",
    "a picture with a label": "![alt][p]\n\n[p]: a.png\n",
    "a fence of tildes": "~~~python ignore\nx\n~~~\n",
    "a quotation in a list": "- a\n  > b\n  > c\n",
    "text in a list after code": "1. a\n\n   ```\n   b\n   ```\n\n   c\n2. d\n",
    "a task": "- [ ] a\n- [x] b\n",
}


@pytest.mark.parametrize("text", AS_ON_GITHUB.values(), ids=AS_ON_GITHUB)
def test_a_page_shows_what_github_shows(text: str) -> None:
    html = page_of(text)
    assert shown(html).blocks
    assert [block.key for block in shown(html).blocks] == [block.key for block in shown(on_github(text)).blocks]
    assert problems_of(text, html) == []


def test_what_an_include_shows_cannot_end_its_fence() -> None:
    blocks = read_blocks('```md\n--8<-- "a.md"\n```\n')
    assert canonical(blocks, lambda _: ["```", "# x", "````"]) == "`````md\n```\n# x\n````\n`````\n"


def test_an_include_in_a_list_is_indented_with_it() -> None:
    blocks = read_blocks('- a\n\n  ```\n    --8<-- "a.md"\n  ```\n')
    assert canonical(blocks, lambda _: ["x", "", "y"]) == "-   a\n\n    ```\n      x\n\n      y\n    ```\n"
