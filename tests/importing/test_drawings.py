"""Drawings of other programs, without what a site must not publish in one."""

from __future__ import annotations

import pytest
from engblog.html.drawing import drawing_faults
from engblog.importing.drawings import plain_drawing

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'


def test_a_drawing_without_a_fault_stays_unchanged() -> None:
    data = f'{OPEN}<rect width="3" height="3"/></svg>'.encode()
    assert plain_drawing(data) == (data, [])


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b">{OPEN}<rect/></svg>',
        f'{OPEN}<rect onclick="x()" style="fill:red;-x-y:1"/><script>x()</script></svg>',
        f'{OPEN}<a href="https://example.org/"><text>w</text></a></svg>',
        f'{OPEN}<metadata><x:y xmlns:x="u"/></metadata><rect x:z="1" xmlns:x="u"/></svg>',
        f'{OPEN}<filter id="f"/><rect filter="url(#f)"/></svg>',
        f"{OPEN}<style>@import url(x.css); .a {{ fill: red }}</style><rect class='a'/></svg>",
        f"{OPEN}<switch><foreignObject/><text>w</text></switch></svg>",
    ],
)
def test_what_a_reader_does_not_miss_is_taken_out(text: str) -> None:
    drawing, notes = plain_drawing(text.encode())
    assert drawing is not None, notes
    assert drawing_faults(drawing) == []
    assert notes
    assert (">w<" in text) == (b">w<" in drawing)


@pytest.mark.parametrize("text", [f'{OPEN}<image href="x.png"/></svg>', f"{OPEN}<foreignObject/></svg>", f"{OPEN}<rect>", "<svg",  # noqa: E501  (one text)
                                  f'<!DOCTYPE svg [<!ENTITY a "b">]>{OPEN}</svg>'])  # fmt: skip
def test_what_a_reader_would_miss_is_left_to_a_person(text: str) -> None:
    drawing, notes = plain_drawing(text.encode())
    assert drawing is None
    assert notes[0]
