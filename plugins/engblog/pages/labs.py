"""The data about a lab, for its article and for its own page."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from engblog.markdown.charts import table_of
from engblog.model.article import Article, Counter, Lab, LabChart, LabNumber, LabTest, version_key
from engblog.model.urls import LAB_ARCHIVE, chart_anchor, claim_anchor, file_anchor, number_anchor, test_anchor
from engblog.pages.shared import Data, crumb, day_data, link, view_data
from engblog.source.includes import section_of
from engblog.source.sentences import Cited, cited

_CODE = re.compile(r"`([^`]+)`")
_MOST = 5
"""The number of measurements shown beside a test's claim. If there are more, a link replaces the last one."""


class Repository(NamedTuple):
    """The addresses where readers find a site's sources; empty if unknown."""

    folder: str = ""
    """Address to put before a path from the docs folder: ``https://github.com/owner/name/tree/main/docs/``."""
    workspace: str = ""
    """Address that opens the repository in a development machine in the browser."""


def lab_summary(article: Article, lab: Lab, *, has_page: bool) -> Data:
    """The data of the verified line of *article*, about its *lab*; if the lab has no page, the address is None."""
    return {
        "url": f"{article.url}lab/" if has_page else None,
        "ran": day_data(lab.ran),
        "machine": lab.machine,
        "versions": [{"product": product, "version": version} for product, version in lab.versions],
        "other_versions": _other_versions(lab),
        "tests": len(lab.tests),
        "cited": len(cited(lab.tests, article.body).tests),
        "countered": sum(bool(test.counters) for test in lab.tests),
        "exceptions": sum(any(not held for *_, held in lab.seen_on(test)) for test in lab.tests),
        "in_step": lab.in_step,
    }


def lab_page(article: Article, lab: Lab, texts: Mapping[str, str], repository: Repository) -> Data:
    """The dict of the page that shows the *lab* of *article*; *texts* are its files' by their names.

    The sentences of the article are still missing: they are known once it is rendered (:func:`with_sentences`).
    """
    order = cited(lab.tests, article.body)
    numbers = _by_test(lab, order)
    data = lab_summary(article, lab, has_page=True) | {
        "tests": [
            _test(lab, test, texts) | {"place": _place(article, test) if test in order.tests else None}
            for test in order.every
        ],
        "numbers": [_number(number, lab) | {"anchor": number_anchor(number.key)} for number in numbers],
        "charts": [_chart(chart) for chart in lab.charts],
        "matrix": _matrix(lab, order),
        "files": [{"name": name, "anchor": file_anchor(name)} for name in lab.files if name in texts],
        "command": f"make lab ARTICLE={article.slug}",
        "archive": {"url": f"{article.url}lab/{LAB_ARCHIVE}", "name": f"{article.slug}-{LAB_ARCHIVE}"},
        "folder": f"{repository.folder}{article.src_uri.rpartition('/')[0]}/lab" if repository.folder else None,
        "workspace": repository.workspace or None,
    }
    crumbs = [crumb("Home", ""), crumb(article.title, article.url)]
    view = view_data("lab", f"The lab of “{article.title}”", crumbs, article.category.accent)
    return view | {"article": link(article), "lab": data}


def with_sentences(view: Data, sentences: Mapping[str, str]) -> Data:
    """Add the article's *sentences*, HTML by the name of the test, to *view*, the dict of a lab's page."""
    lab = view["lab"]
    tests = [test | {"sentence": sentences.get(test["name"])} for test in lab["tests"]]
    return view | {"lab": lab | {"tests": tests}}


def _test(lab: Lab, test: LabTest, texts: Mapping[str, str]) -> Data:
    """The entry of a claim; ``claim``, ``sentence``, ``code`` and a counter-experiment's ``when`` are HTML."""
    measured = [number for number in lab.numbers if number.test == test.name]
    shown = len(measured) if len(measured) <= _MOST else _MOST - 1
    code = function_html(texts.get(test.file, ""), test.name, test.line, test.file)
    return {
        "name": test.name,
        "title": _title(test),
        "claim": _marked(test.claim or _title(test)),
        "file": test.file,
        "line": test.line,
        "anchor": test_anchor(test.name),
        "line_anchor": f"{file_anchor(test.file)}-{test.line}",
        "sentence": None,
        "code": code,
        "measured": [_number(number, lab) for number in measured[:shown]],
        "more": {"count": len(measured) - shown, "to": number_anchor(measured[shown].key)}
        if len(measured) > shown
        else None,
        "held": [
            {"product": product, "versions": [version for _, version, held in seen if held]}
            for product, seen in _by_product(lab.seen_on(test))
            if any(held for *_, held in seen)
        ],
        "failed": [
            {"product": run.product, "version": run.version, "said": dict(run.failed)[test.name]}
            for run in lab.runs
            if test.name in dict(run.failed)
        ],
        "counters": [_counter(counter) for counter in test.counters],
    }


def _place(article: Article, test: LabTest) -> Data:
    """The place where the article first mentions *test*."""
    return {"url": f"{article.url}#{claim_anchor(test.name)}"}


def _title(test: LabTest) -> str:
    return test.name.removeprefix("test_").replace("_", " ").capitalize()


def _counter(counter: Counter) -> Data:
    return {"when": _marked(counter.when), "assertion": counter.assertion, "seen": counter.seen.removeprefix("assert ")}


def _number(number: LabNumber, lab: Lab) -> Data:
    test = next((each for each in lab.tests if each.name == number.test), None)
    return {
        "key": number.key,
        "to": number_anchor(number.key),
        "text": dict(number.texts).get("median", number.text),
        "note": number.note,
        "is_message": number.is_message,
        "spread": _spread(number),
        "test": {"title": _title(test), "to": test_anchor(test.name)} if test else None,
    }


def _spread(number: LabNumber) -> str:
    """The spread of a number that was measured several times, shown beside its median; empty for other numbers."""
    if not number.texts:
        return ""
    texts = dict(number.texts)
    if texts["range"] == texts["median"]:
        return f"the same in {texts['runs']} runs"
    worst = f", worst {texts['worst']}" if texts["worst"] != texts["median"] else ""
    return f"median of {texts['runs']} runs, {texts['range']}{worst}"


def _chart(chart: LabChart) -> Data:
    table = table_of(chart)
    return {
        "anchor": chart_anchor(chart.key),
        "title": chart.title,
        "note": chart.note,
        "points": len(chart.points),
        "heads": list(table.heads),
        "rows": [list(row) for row in table.rows],
    }


def _by_test(lab: Lab, order: Cited) -> list[LabNumber]:
    """The measurements in the order of their claims; those without a test come last, in the order of recording."""
    position = {test.name: index for index, test in enumerate(order.every)}
    return sorted(lab.numbers, key=lambda number: position.get(number.test, len(position)))


def _other_versions(lab: Lab) -> list[Data]:
    """The versions of each product, besides those of the recorded run, on which the claims were run."""
    runs = {(run.product, run.version, True) for run in lab.runs} - {(*own, True) for own in lab.versions}
    return [
        {"product": product, "versions": [version for _, version, _ in seen]} for product, seen in _by_product(runs)
    ]


Seen = tuple[str, str, bool]


def _by_product(seen: Iterable[Seen]) -> list[tuple[str, list[Seen]]]:
    found: dict[str, list[Seen]] = {}
    for each in sorted(seen, key=lambda each: (each[0], version_key(each[1]))):
        found.setdefault(each[0], []).append(each)
    return [*found.items()]


def _matrix(lab: Lab, order: Cited) -> Data | None:
    """The table of claims by versions on which they held; None if the lab was run on no other version."""
    if not lab.runs:
        return None
    seen = {test.name: {each[:2]: each[2] for each in lab.seen_on(test)} for test in order.every}
    places = _by_product({(*place, True) for places in seen.values() for place in places})
    return {
        "products": [{"product": product, "versions": [version for _, version, _ in each]} for product, each in places],
        "rows": [
            {
                "title": _title(test),
                "to": test_anchor(test.name),
                "cells": [
                    {True: "held", False: "failed", None: "not run"}[seen[test.name].get((product, version))]
                    for _, each in places
                    for product, version, _ in each
                ],
            }
            for test in order.every
            if seen[test.name]
        ],
    }


def _marked(text: str) -> str:
    """*text* as inline HTML, with the parts between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))


def lab_html(files: Sequence[tuple[str, str]]) -> str:
    """HTML of *files*, pairs of name and text, each folded under its name."""
    return "\n".join(_file(name, text) for name, text in files)


def function_html(text: str, name: str, line: int, file: str) -> str | None:
    """HTML of the function *name* of the Python *file*, whose *text* has it at *line*; None if it is not found there.

    Its lines have no ids, because links should lead to the lines of the whole file.
    """
    source = function_source(text, name, line)
    return None if source is None else highlight(source, _lexer(file), HtmlFormatter(cssclass="highlight"))


def function_source(text: str, name: str, line: int) -> str | None:
    """The lines of the function *name* in the Python *text*, with its decorators, unindented.

    If several have the name, the one nearest to *line* is taken. Marks of sections are left out.
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
