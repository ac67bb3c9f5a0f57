"""The place in a file of a piece of a paragraph, which parsers of Markdown know by its block only."""

from __future__ import annotations

from markdown_it.token import Token

from engblog.model.problems import Mark
from engblog.source.body import Body


class Places:
    """The places of pieces of a body, in the file at *path*."""

    def __init__(self, body: Body, path: str) -> None:
        self._lines = body.blocks.text.split("\n")
        self._first, self._path = body.first_line, path

    def of(self, token: Token, offset: int = 0) -> Mark:
        """The place of the character at *offset* of the content of *token*; its line, where a cell was unescaped."""
        if token.map is None:
            return Mark(self._path, self._first)
        before = token.content[:offset]
        row = token.map[0] + before.count("\n") + (token.type == "fence")
        start = before.rfind("\n") + 1
        text = token.content[start:].partition("\n")[0]
        line = self._lines[row] if row < len(self._lines) else ""
        at = line.find(text)
        if at < 0:
            text, start = token.content[offset:].partition("\n")[0], offset
            at = max(line.find(text), 0)
        return Mark(self._path, self._first + row, at + offset - start + 1)

    def line(self, row: int, column: int = 1) -> Mark:
        """The place on the line *row* of the body, zero-based."""
        return Mark(self._path, self._first + row, column)

    def text(self, row: int) -> str:
        """The text of the line *row* of the body."""
        return self._lines[row] if row < len(self._lines) else ""
