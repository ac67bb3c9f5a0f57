"""Takes apart pages that people write by hand: the Markdown files outside the folder of the articles."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from datetime import datetime

from engblog.model.article import Moment
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.model.urls import MARKDOWN, resolve_path
from engblog.source.body import Body, scan
from engblog.source.bounds import check_bounds
from engblog.source.dates import check_past
from engblog.source.frontmatter import decode
from engblog.source.handwritten import PAGE_TEMPLATES, described, page_parts
from engblog.source.includes import include_path
from engblog.source.local_references import local_references
from engblog.source.long_lines import open_brackets
from engblog.source.parse import Parsed, pointer_problem

INDEXES = frozenset({"index", "README"})
"""Names of files whose page has the address of their folder."""


def parse_page(
    data: bytes | None, src_uri: str, path_prefix: str = "", templates: Collection[str] = PAGE_TEMPLATES
) -> Parsed:
    """Take apart *data*, the bytes of the hand-written page *src_uri*; None means that it cannot be read. *templates*
    are those that the page can ask for."""
    path, problems = path_prefix + src_uri, Problems()
    if data is None:
        hint = "check its permissions, and that it is a file"
        return Parsed(src_uri, path, (Problem(Mark(path), Code.S006_UNREADABLE, "the file cannot be read", hint),))
    if (pointer := pointer_problem(data, path)) is not None:
        return Parsed(src_uri, path, (pointer,))
    text = decode(data, path, problems)
    if text is None:
        return Parsed(src_uri, path, tuple(problems.found))
    parts = page_parts(text, path, problems)
    if parts is None:
        return Parsed(src_uri, path, tuple(problems.found))
    described(parts, problems, templates)
    if (tangle := open_brackets(parts.body, path, parts.body_line)) is not None:
        return Parsed(src_uri, path, (*problems.found, tangle))
    body = scan(parts.body, parts.body_line)
    if check_bounds(body, path, problems):
        return Parsed(src_uri, path, tuple(problems.found))
    folder = posixpath.dirname(src_uri)
    local = local_references(body, folder, page_folder(src_uri))
    wanted = dict.fromkeys(_included(body))
    return Parsed(src_uri, path, tuple(problems.found), parts, body, tuple(wanted), tuple(local))


def check_updated(page: Parsed, now: datetime, problems: Problems) -> None:
    """Note that *page* says that it was last changed after *now*."""
    fields = page.parts.fields if page.parts else None
    value = fields.get("updated") if fields else None
    day = described(page.parts, Problems()).updated
    if day is not None and value is not None:
        check_past(Moment(day), now, "updated", value.mark, problems)


def _included(body: Body) -> Iterator[str]:
    """The files that *body* includes, by path from its folder."""
    for reference in body.references:
        if reference.kind == "include":
            name = include_path(reference.target)[0]
            if (resolve_path("a", name) or "").startswith("a/"):
                yield name


def page_folder(src_uri: str) -> str:
    """The folder of the page that the host makes of the Markdown file *src_uri*, from the site's root."""
    folder, base = posixpath.split(src_uri)
    stem = next((base.removesuffix(suffix) for suffix in MARKDOWN if base.endswith(suffix)), base)
    return folder if stem in INDEXES else posixpath.join(folder, stem)
