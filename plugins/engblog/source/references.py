"""Checks that everything an article refers to exists: pictures, links, includes, measured numbers, claims."""

from __future__ import annotations

import posixpath
import re
from html import unescape

from engblog.html.allowed import is_link, is_remote, refused_element
from engblog.model.article import STATISTICS, Lab, LabTest
from engblog.model.picture import LFS
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.text import DIRECTION
from engblog.model.urls import MARKDOWN, TWIN, resolve_path
from engblog.source.attribute_lists import refused_in
from engblog.source.body import Body, Reference
from engblog.source.claims import ClaimMark, read_claim, unfounded, unnamed_failures, with_exceptions
from engblog.source.diagram import DiagramError, read_diagram
from engblog.source.docs_files import DocsFiles
from engblog.source.includes import include_path, is_include, section_of
from engblog.source.local_references import SCHEME, LocalReference
from engblog.source.odd_names import odd_name_hint, whole_target
from engblog.source.parse import Source
from engblog.source.pictures import picture_fault, pointer_fault
from engblog.source.quantities import unsourced, without_reason
from engblog.source.structure import turned

CHART = "chart:"
"""The start of a picture's address if the picture is drawn from the lab's record."""


def check_references(body: Body, source: Source, lab: Lab | None, docs: DocsFiles, problems: Problems) -> None:
    """Note every problem with the references of *body*, the body of *source*."""
    path = source.parsed.path
    for reference in body.references:
        mark = Mark(path, reference.line, reference.column)
        if reference.kind == "image" and reference.target.startswith(CHART):
            _check_chart(reference, body, source, lab, mark, problems)
        elif reference.kind == "image":
            _check_image(reference, body, source, docs, mark, problems)
        elif reference.kind == "link":
            _check_link(reference, body, source, docs, mark, problems)
        elif reference.kind in {"include", "lost include"}:
            check_include(reference, source, docs, mark, problems)
        elif reference.kind in {"element", "attributes"}:
            check_element(reference, mark, problems)
        else:
            _check_lab(reference, source, lab, mark, problems)
    for each in source.parsed.local:
        if check_html_link(each, path, problems):
            continue
        if each.path in docs:
            check_found(each, source, docs, problems)
        elif _is_in_element(each) and each.path.startswith(f"{source.folder}/"):
            _note_missing(each, docs, Mark(path, each.reference.line, each.reference.column), problems)


def check_html_link(each: LocalReference, path: str, problems: Problems) -> bool:
    """Note that *each* is a link in HTML to a Markdown file, which only Markdown makes a link to its page; return True
    if it is. *path* is the file that it is in."""
    reference = each.reference
    if not (each.is_html and each.target.endswith(MARKDOWN)) or each.target == TWIN:
        return False
    mark = Mark(path, reference.line, reference.column)
    hint = f"write it in Markdown: [text]({each.target})"
    problems.add(mark, Code.R004_LINK, f"{quote(each.target)} in HTML does not lead to a page", hint)
    return True


def _is_in_element(each: LocalReference) -> bool:
    reference = each.reference
    return each.is_html and reference.kind == "element" and refused_element(reference.target) is None


def check_found(each: LocalReference, source: Source, docs: DocsFiles, problems: Problems) -> None:
    """Note a problem with the file that *each*, a reference in *source*, leads to: the file exists, but readers would
    not get what the reference promises."""
    mark = Mark(source.parsed.path, each.reference.line, each.reference.column)
    if each.path in source.pictures:
        picture = source.pictures[each.path]
        fault = picture_fault(each.target, each.path, picture)
        if fault is not None and not (picture and picture.kind == "SVG" and _diagram_text(each.path, source)):
            problems.add(mark, *fault)
    elif source.kinds.get(each.path) == LFS:
        problems.add(mark, *pointer_fault(each.target))
    elif source.kinds.get(each.path) == "unreadable" and each.reference.kind != "include":
        hint = "check its permissions, and that it is a file"
        problems.add(mark, Code.R004_LINK, f"{quote(each.target)} cannot be read", hint)
    elif each.reference.kind != "include" and docs.is_text_without_page(each.path):
        message = f"{quote(each.target)} is not a page: it is a Markdown file beside an article"
        hint = "link to a page, or move the text into the article"
        if f"{source.folder}/lab/index.md" in docs and each.path.startswith(f"{source.folder}/lab/"):
            hint = "link to lab/index.md, the page that shows the lab's files"
        problems.add(mark, Code.R013_NO_PAGE, message, hint)


def _diagram_text(path: str, source: Source) -> str | None:
    """The text of the drawing *path* if *source* sets it into the page, which needs more than a picture does."""
    picture = source.pictures.get(path)
    if not path.endswith(".svg") or (picture is not None and picture.kind != "SVG"):
        return None
    return source.includes.get(posixpath.relpath(path, source.folder))


def _note_missing(each: LocalReference, docs: DocsFiles, mark: Mark, problems: Problems) -> None:
    """Note that an HTML element refers to a file in the article's folder that does not exist."""
    if each.is_picture:
        hint = docs.withheld.get(each.path, "") or "put it next to the article's index.md"
        problems.add(mark, Code.R001_PICTURE, f"there is no picture {quote(each.target)}", hint)
    else:
        hint = "write the path of a file in the article's folder; for a page, write a link in Markdown"
        problems.add(mark, Code.R004_LINK, f"there is no file {quote(each.target)}", hint)


def _check_image(
    reference: Reference, body: Body, source: Source, docs: DocsFiles, mark: Mark, problems: Problems
) -> None:
    if not reference.text.strip():
        hint = "write between the brackets what a reader who cannot see it must know"
        problems.add(mark, Code.R003_NO_ALT, f"the picture {quote(reference.target)} has no text alternative", hint)
    if is_remote(reference.target):
        hint = "put the picture into the article's folder: pages load files only from this site"
        problems.add(mark, Code.R002_REMOTE, f"{quote(reference.target)} is on another host", hint)
        return
    found = resolve_path(source.folder, reference.target)
    if not reference.target or found is None or found not in docs:
        names = [name.removeprefix(f"{source.folder}/") for name in docs.names if name.startswith(f"{source.folder}/")]
        target = whole_target(reference, body)
        hint = odd_name_hint(target, names) or did_you_mean(
            target, [name for name in names if not name.endswith(".md") and "/" not in name]
        )
        reason = _reason(found, docs) if target else ""
        message = f"there is no picture {quote(target)}{reason}"
        problems.add(mark, Code.R001_PICTURE, message, hint or "put it next to the article's index.md")
    elif (text := _diagram_text(found, source)) is not None:
        try:
            read_diagram(text)
        except DiagramError as error:
            message = f"{quote(reference.target)} cannot be set into the page: {error}"
            problems.add(mark, Code.R009_DIAGRAM, message, error.hint)


def _reason(path: str | None, docs: DocsFiles) -> str:
    """The reason why *path* is not published, as the end of a message; empty if there is nothing at *path*."""
    if path is None:
        return ": it is outside the docs folder"
    if path in docs.withheld:
        return f": it {docs.withheld[path]}"
    return ": it is a folder" if docs.is_folder(path) else ""


def _check_link(
    reference: Reference, body: Body, source: Source, docs: DocsFiles, mark: Mark, problems: Problems
) -> None:
    target = reference.target
    if not is_link(unescape(target)):
        problems.add(mark, Code.R007_RAW_HTML, f"{quote(target)} is not a link", "link to a page")
        return
    if not target or target.startswith(("#", "?")) or SCHEME.match(target) or target.startswith("//"):
        return
    if target.startswith("/"):
        hint = "link to the file, from this one: ../other-article/index.md"
        problems.add(
            mark,
            Code.R004_LINK,
            f"{quote(target)} is an absolute path, which breaks when the site is below a path",
            hint,
        )
        return
    found = resolve_path(source.folder, target)
    if found is None or found not in docs:
        folder = posixpath.dirname(found or "")
        near = [posixpath.relpath(name, source.folder) for name in docs.names if posixpath.dirname(name) == folder]
        target = whole_target(reference, body)
        hint = odd_name_hint(target, near) or (did_you_mean(target, near) if len(near) < 40 else "")
        if f"{found}/index.md" in docs:  # an article's address is not its file's path
            hint = f"link to the file: {posixpath.relpath(f'{found}/index.md', source.folder)}"
        problems.add(
            mark,
            Code.R004_LINK,
            f"there is no file {quote(target)}{_reason(found, docs)}",
            hint or "write the path of a file, relative to this one",
        )


def check_include(
    reference: Reference,
    source: Source,
    docs: DocsFiles,
    mark: Mark,
    problems: Problems,
    *,
    only_code: bool = True,
) -> None:
    """Note a problem with *reference*, an include of *source*; with *only_code*, it must be in a fence."""
    if reference.kind == "lost include":
        hint = 'write it in a fence, on a line by itself, the file in quotation marks: --8<-- "lab/server.go"'
        problems.add(mark, Code.R005_INCLUDE, f"the include {quote(reference.target)} would be shown as text", hint)
        return
    name, section, lines = include_path(reference.target)
    inside = resolve_path("a", name)
    if "://" in reference.target or inside is None or not inside.startswith("a/"):
        hint = f"{'an article' if only_code else 'a page'} can only include files in its own folder: lab/server.go"
        whose = "the article's folder" if only_code else "the folder of the page"
        problems.add(mark, Code.R006_INCLUDE_OUTSIDE, f"{quote(name)} is outside {whose}", hint)
        return
    if only_code and reference.text != "code":
        hint = "put it into a fence: ```go, the include, ```"
        problems.add(mark, Code.R010_INCLUDE_IN_PROSE, f"{quote(name)} is included as text, not as code", hint)
        return
    text = source.includes.get(name)
    if text is None and resolve_path(source.folder, name) in docs.names:
        hint = "include UTF-8 text from the docs folder, at most 1 MiB, without control characters"
        problems.add(mark, Code.R005_INCLUDE, f"{quote(name)} cannot be included", hint)
    elif text is None:
        known = [known for known, content in source.includes.items() if content is not None]
        hint = did_you_mean(name, known + [f"lab/{file}" for file in (source.lab.names if source.lab else ())])
        hint = hint or "put it into the article's folder"
        problems.add(mark, Code.R005_INCLUDE, f"there is no file {quote(name)} to include", hint)
    elif (shown := section_of(text, section, lines)) is not None:
        if found := DIRECTION.search("\n".join(shown)):
            problems.add(mark, Code.R028_DIRECTION, f"{quote(name)}: {turned(found[0])[0]}", turned(found[0])[1])
        for nested in (line for line in shown if is_include(line)):
            message = f"{quote(name)} includes another file: {quote(nested)}"
            hint = "include that file in the article itself; or write ;--8<-- to show the line"
            problems.add(mark, Code.R005_INCLUDE, message, hint)
    else:
        sections = re.findall(r"\[start:\s*+([^\[\]\s]++)\s*+\]", text)
        hint = did_you_mean(section or "", sections) or f"mark it in the file: --8<-- [start:{section}]"
        problems.add(mark, Code.R005_INCLUDE, f"{quote(name)} has no section {quote(section or '')}", hint)


def check_element(reference: Reference, mark: Mark, problems: Problems) -> None:
    """Note what *reference*, an HTML element or an attribute list, must not have in a page."""
    for refused in refused_in(reference):
        problems.add(mark, refused.code, refused.message, refused.hint)


def _check_chart(
    reference: Reference, body: Body, source: Source, lab: Lab | None, mark: Mark, problems: Problems
) -> None:
    key = reference.target.removeprefix(CHART)
    if not reference.text.strip():
        hint = "write between the brackets what a reader who cannot see it must know"
        problems.add(mark, Code.R003_NO_ALT, f"the chart {quote(key)} has no text alternative", hint)
    lines = body.prose.split("\n")
    row = reference.line - body.first_line
    paragraph = [line.strip() for line in (lines[row - 1] if row else "", lines[row])]
    if paragraph[0] or not paragraph[1].startswith("!["):
        problems.add(
            mark, Code.L010_CHART, f"the chart {quote(key)} is inside a paragraph", "put blank lines around it"
        )
    if lab is None:
        if source.lab is None:
            problems.add(mark, Code.L010_CHART, "the article has no lab", "put tests into lab/test_*.py")
        return
    known = [chart.key for chart in lab.charts]
    if key not in known:
        hint = did_you_mean(key, known) or f"record it: make lab ARTICLE={source.slug}"
        problems.add(mark, Code.L010_CHART, f"the lab's record has no chart {quote(key)}", hint)


def check_figures(body: Body, path: str, problems: Problems) -> None:
    """Note every quantity in *body* that has no source."""
    for quantity in unsourced(body.prose, body.first_line):
        problems.add(
            Mark(path, quantity.line, quantity.column),
            Code.L011_NO_SOURCE,
            f"{quote(quantity.text)} has no source",
            "measure it: {lab:key} or {claim:test}; cite it: a footnote; or say why it needs none: {given:our example}",
        )
    for reason in without_reason(body.prose, body.first_line):
        mark = Mark(path, reason.line, reason.column)
        problems.add(mark, Code.L012_NO_REASON, "{given:} gives no reason", "say why: {given:the load of our example}")


def _check_lab(reference: Reference, source: Source, lab: Lab | None, mark: Mark, problems: Problems) -> None:
    is_number = reference.kind == "number"
    if lab is None:
        if source.lab is None:
            code = Code.L004_NUMBER if is_number else Code.L005_CLAIM
            problems.add(mark, code, "the article has no lab", "put tests into lab/test_*.py")
        return
    if is_number:
        _check_known(reference.target, [*lab.insertions], "number", Code.L004_NUMBER, source, mark, problems)
        return
    claim = read_claim(reference.target)
    if not claim.readable:
        hint = "write {claim:test_name} or {claim:test_name not on Redis 6.2, Valkey 9.1}"
        problems.add(mark, Code.L008_MARK, f"{quote(reference.target)} is not the mark of a claim", hint)
        return
    tests = {test.name: test for test in lab.tests}
    _check_known(claim.test, list(tests), "test", Code.L005_CLAIM, source, mark, problems)
    if claim.test in tests and lab.in_step:
        _check_versions(claim, lab, tests[claim.test], source, mark, problems)


def _check_known(
    target: str, known: list[str], what: str, code: Code, source: Source, mark: Mark, problems: Problems
) -> None:
    if target not in known:
        hint = did_you_mean(target, known) or f"record it: make lab ARTICLE={source.slug}"
        if f"{target}.median" in known:
            named = ", ".join(f"{{lab:{target}.{name}}}" for name in STATISTICS)
            hint = f"it was measured several times; choose a figure: {named}"
        problems.add(mark, code, f"the lab's record has no {what} {quote(target)}", hint)


def _check_versions(claim: ClaimMark, lab: Lab, test: LabTest, source: Source, mark: Mark, problems: Problems) -> None:
    failures = unnamed_failures(claim, lab, test)
    if failures:
        message = f"{quote(claim.test)} did not hold on {', '.join(map(str, failures))}"
        hint = f"say so in the text, and write {with_exceptions(claim, failures)}"
        problems.add(mark, Code.L006_NOT_HELD, message, hint)
    for named, version in unfounded(claim, lab, test):
        if version:
            message = f"{quote(claim.test)} held on {named.product} {version}"
            hint = f"remove “not on {named}” from the mark, or name the version more precisely"
        else:
            message = f"{quote(claim.test)} was not run on {named}"
            hint = f"run: make lab ARTICLE={source.slug} VERSIONS=all; or remove it from the mark"
        problems.add(mark, Code.L007_HELD, message, hint)
