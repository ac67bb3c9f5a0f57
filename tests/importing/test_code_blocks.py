"""Fences of other systems."""

from __future__ import annotations

import pytest
from engblog.importing.code_blocks import translate_code
from engblog.importing.old_text import OldText
from engblog.importing.remarks import Remarks
from engblog.source.fences import read_info
from hypothesis import example, given
from hypothesis import strategies as st


def opened(info: str) -> str:
    text = OldText(f"```{info}\nx\n```\n")
    translate_code(text, Remarks("a.md"))
    return text.text.partition("\n")[0].removeprefix("```")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("py", "py"),
        ("rust,ignore", "rust,ignore"),
        ("js {1,3-5}", 'js hl_lines="1 3-5"'),
        ("js filename=x.js", 'js title="x.js"'),
        ('go {linenos=table,hl_lines=[8,"15-17"]}', 'go hl_lines="8 15-17" linenums="1"'),
        ("{ .yaml .copy }", "yaml"),
        ("ts highlight={2}", 'ts hl_lines="2"'),
    ],
)
def test_an_opening_is_written_as_articles_do(old: str, new: str) -> None:
    assert opened(old) == new


@given(st.text(alphabet="ab {}=\"'.,-1#:[]", max_size=20))
@example("{.a .b}")
def test_no_opening_is_left_that_an_article_cannot_have(info: str) -> None:
    if "`" not in info:
        assert read_info(opened(info)).problem == ""


def test_a_fence_is_closed_and_an_include_is_shown() -> None:
    text, remarks = OldText('- ```\n  --8<-- "x"\n'), Remarks("a.md")
    translate_code(text, remarks)
    assert ';--8<-- "x"' in text.text
    assert text.text.rstrip().endswith("\n  ```")
    assert len(remarks.found) == 2
