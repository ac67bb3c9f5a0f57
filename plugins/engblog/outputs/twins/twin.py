"""The Markdown twin of an article: the same text for reading without a browser, with the lab's code at the end."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, unquote, urljoin

from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

from engblog.markdown.charts import table_of
from engblog.model.article import Article, Lab, LabChart, LabNumber, LabTest
from engblog.model.publication import Publication, Written
from engblog.model.urls import test_anchor, twin_url
from engblog.outputs.twins.markdown import Marks, plain
from engblog.source.canonical import fenced
from engblog.source.claims import read_claim
from engblog.source.includes import included, section_of
from engblog.source.sentences import cited

_SPECIAL = re.compile(r"[\\`*\[\]{]|(?<![^\W_])_|_(?![^\W_])")
"""Characters that Markdown would take for markup, or for the start of a list of attributes, without underscores
between letters."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SCHEME = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")


def twins(publication: Publication) -> Written:
    """The twin of every article; none for a site without an address, because a twin's links are absolute."""
    if publication.identity.url:
        for article in publication.site.articles:
            yield twin_url(article), twin(article, publication).encode()


def twin(article: Article, publication: Publication) -> str:
    """*article* as Markdown: a head, the text, corrections, and the files of its lab."""
    parts = [*_head(article, publication), "", plain(article.body, _meanings(article, publication)).rstrip("\n")]
    if article.corrections:
        parts += ["", "## Corrections", ""]
        parts += [f"- {each.day.isoformat()}: {escaped(each.text)}" for each in article.corrections]
    if article.lab:
        parts += ["", *_lab(article, article.lab, publication)]
    return "\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """*text* on one line, as Markdown that shows it literally."""
    marked = _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
    return _ENTITY.sub("&amp;", marked).replace("<", "&lt;")


def _head(article: Article, publication: Publication) -> Iterator[str]:
    yield from (f"# {escaped(article.title)}", "", f"> {escaped(article.description)}", "")
    if article.authors:
        yield f"- By: {', '.join(escaped(person.name) for person in article.authors)}"
    yield f"- Published: {article.published.iso}"
    if article.updated:
        yield f"- Updated: {article.updated.iso}"
    category = [article.category.name, *([article.subcategory.name] if article.subcategory else [])]
    yield f"- Category: {escaped(' / '.join(category))}"
    yield f"- Tags: {', '.join(escaped(tag.name) for tag in article.tags)}"
    if article.series:
        yield f"- Series: {escaped(article.series.name)}, part {article.series.part}"
    if article.applies_to:
        yield f"- Applies to: {', '.join(escaped(f'{product} {versions}') for product, versions in article.applies_to)}"
    if article.lab:
        yield f"- Verified: {_verified(article.lab)}"
    yield f"- Canonical: <{publication.identity.absolute(article.url)}>"


def _verified(lab: Lab) -> str:
    count = f"{len(lab.tests)} {'test' if len(lab.tests) == 1 else 'tests'}"
    against = ", ".join(escaped(f"{product} {version}") for product, version in lab.versions)
    parts = [f"{count}, run on {lab.ran.isoformat()}{f' with {against}' if against else ''}"]
    if countered := sum(bool(test.counters) for test in lab.tests):
        parts.append(f"{countered} with a counter-experiment")
    if not lab.in_step:
        parts.append("the lab has changed since")
    return "; ".join(parts)


def _meanings(article: Article, publication: Publication) -> Marks:
    folder = article.src_uri.rpartition("/")[0]
    own = publication.identity.absolute(article.url)
    lab_page = publication.addresses.get(f"{folder}/lab/index.md")
    numbers = {name: text for name, (text, _) in article.lab.insertions.items()} if article.lab else {}
    charts = {chart.key: chart for chart in article.lab.charts} if article.lab else {}
    tests = {test.name for test in article.lab.tests} if article.lab else set()

    def include(target: str) -> list[str] | None:
        return included(target, lambda path: publication.texts.get(posixpath.normpath(f"{folder}/{path}")))

    def address(target: str) -> str:
        if not target or target.startswith("#"):
            return own + target
        if _SCHEME.match(target):
            return target
        path, mark, rest = re.split(r"([?#]|$)", target, maxsplit=1)
        at = posixpath.normpath(posixpath.join(folder, unquote(path)))
        if at in publication.addresses:
            return publication.identity.absolute(publication.addresses[at]) + mark + rest
        return urljoin(own, quote(target, safe="/?#[]@!$&'()*+,;=:%~"))

    def number(key: str) -> str | None:
        return escaped(numbers[key]) if key in numbers else None

    def chart(key: str, description: str) -> list[str] | None:
        return _chart(charts[key], description) if key in charts else None

    def claim(text: str) -> str | None:
        name = read_claim(text).test
        if name not in tests:
            return None
        if lab_page is None:
            return ""
        return f" ([verified by a test]({publication.identity.absolute(lab_page)}#{test_anchor(name)}))"

    return Marks(include, address, number, chart, claim)


def _chart(chart: LabChart, description: str) -> list[str]:
    """A chart as its description in words and its data as a table."""
    table = table_of(chart)
    rows = (f"| {' | '.join(map(_cell, row))} |" for row in (table.heads, *table.rows))
    head, *body = rows
    return [f"**{escaped(chart.title)}.** {description}", "", head, "|---" * len(table.heads) + "|", *body]


def _lab(article: Article, lab: Lab, publication: Publication) -> Iterator[str]:
    folder = article.src_uri.rpartition("/")[0]
    yield from ("## Lab", "", f"The code of the article and what verifies it: {_verified(lab)}.", "")
    if lab.versions:
        yield from ("| product | version |", "|---|---|")
        yield from (f"| {_cell(product)} | {_cell(version)} |" for product, version in lab.versions)
        yield ""
    if lab.numbers:
        yield from ("| number | measured | what |", "|---|---|---|")
        yield from (f"| {_cell(each.key)} | {_cell(_measured(each))} | {_cell(each.note)} |" for each in lab.numbers)
        yield ""
    for test in cited(lab.tests, article.body).every:
        yield from _test(test, lab)
    for name in lab.files:
        text = publication.texts.get(f"{folder}/lab/{name}")
        if text is not None:
            yield from (
                "",
                f"### {_code(f'lab/{name}')}",
                "",
                *fenced(section_of(text.rstrip("\n"), None) or [], _language(name)),
            )


def _measured(number: LabNumber) -> str:
    if not number.texts:
        return number.text
    texts = dict(number.texts)
    return f"median {texts['median']}, {texts['range']} in {texts['runs']} runs, worst {texts['worst']}"


def _test(test: LabTest, lab: Lab) -> Iterator[str]:
    yield f"- {_code(test.name)} ({_code(f'lab/{test.file}')}){': ' if test.claim else ''}{escaped(test.claim)}"
    for counter in test.counters:
        yield f"    - It fails, as it should, when {_marked(counter.when)}: {_code(f'assert {counter.assertion}')}"
    seen = lab.seen_on(test)
    if held := ", ".join(escaped(f"{product} {version}") for product, version, holds in seen if holds):
        yield f"    - Held on {held}."
    for run in lab.runs:
        if said := dict(run.failed).get(test.name):
            yield f"    - Not on {escaped(f'{run.product} {run.version}')}: {_code(said)}"


def _marked(text: str) -> str:
    """*text*, in which backticks mark code, as Markdown that shows everything else literally."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(_code(part) if index % 2 else escaped(f"x{part}x")[1:-1] for index, part in enumerate(parts))


def _code(text: str) -> str:
    """*text* in one line, as Markdown's code."""
    line = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    room = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{room}{line}{room}{fence}" if line else ""


def _cell(text: str) -> str:
    return escaped(text).replace("|", "&#124;")


def _language(name: str) -> str:
    """The language of the file *name* as written in a fence; empty if unknown."""
    base = name.rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    return _language_of(f"any.{suffix}" if stem and dot else base)


@cache
def _language_of(name: str) -> str:
    try:
        aliases = get_lexer_for_filename(name).aliases
    except ClassNotFound:
        return ""
    return str(aliases[0]) if aliases else ""
