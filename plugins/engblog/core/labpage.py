"""The code on a lab's page: its files, every line an anchor that a claim can lead to, and its tests' functions."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Iterable, Sequence
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from engblog.core.body import section_of
from engblog.core.labanchors import file_anchor


def lab_html(files: Sequence[tuple[str, str]]) -> str:
    """HTML of *files*, pairs of name and text, each folded under its name."""
    return "\n".join(_file(name, text) for name, text in files)


def function_html(text: str, name: str, line: int, file: str) -> str | None:
    """HTML of the function *name* of the Python *file*, whose *text* has it at *line*; None if it is not found there.

    Its lines have no ids: those of the whole file are the ones to link to.
    """
    source = function_source(text, name, line)
    return None if source is None else highlight(source, _lexer(file), HtmlFormatter(cssclass="highlight"))


def function_source(text: str, name: str, line: int) -> str | None:
    """The lines of the function *name* in the Python *text*, its decorators included, set out to the margin.

    Of several with the name it is the one nearest to *line*. Marks of sections, which are no part of it, are left out.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a string is its author's business
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [node for node in _functions(tree) if node.name == name]
    if not found:
        return None
    node = min(found, key=lambda each: abs(_first_line(each) - line))
    lines = text.split("\n")[_first_line(node) - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(section_of("\n".join(lines), None) or ())) + "\n"


def _functions(tree: ast.AST) -> Iterable[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _lexer(name: str) -> Lexer:
    try:
        lexer: Lexer = get_lexer_for_filename(name, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    return lexer


def _file(name: str, text: str) -> str:
    anchor = file_anchor(name)
    count = len(text.rstrip("\n").split("\n"))
    said = f"{count} {'line' if count == 1 else 'lines'}"
    formatter = HtmlFormatter(cssclass="highlight", linespans=anchor, wrapcode=True)
    return (
        f'<details class="file" id="{anchor}">\n'
        f'<summary class="file__head"><span class="file__name">{escape(name)}</span> '
        f'<span class="count">{said}</span></summary>\n'
        f"{highlight(text, _lexer(name), formatter)}</details>"
    )
