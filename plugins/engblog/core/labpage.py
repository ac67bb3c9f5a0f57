"""The body of a lab's page: its files, highlighted, every line an anchor that a claim can lead to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from engblog.core.pagedata import file_anchor


def lab_html(files: Sequence[tuple[str, str]]) -> str:
    """HTML of *files*, pairs of name and text, each under a heading with its name."""
    return "\n".join(_file(name, text) for name, text in files)


def _file(name: str, text: str) -> str:
    anchor = file_anchor(name)
    try:
        lexer = get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(cssclass="highlight", linespans=anchor, wrapcode=True)
    return f'<h2 id="{anchor}">{escape(name)}</h2>\n{highlight(text, lexer, formatter)}'
