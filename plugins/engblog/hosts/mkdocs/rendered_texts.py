"""Renders texts without building a site, and finds what is wrong with the result."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig

from engblog.disk.time_limit import TimeLimit
from engblog.hosts.mkdocs.failures import problem_of
from engblog.hosts.mkdocs.render import set_page
from engblog.hosts.mkdocs.texts import Text
from engblog.html.page import read_page
from engblog.html.shown import MEASURED
from engblog.model.problems import Problem
from engblog.model.urls import resolve_path
from engblog.source.marks import CLAIM_AND_SPACE, NUMBER


def problems_of(texts: Mapping[str, Text], asked: Collection[str], docs: Path, config: MkDocsConfig) -> list[Problem]:
    """The problems of those of *texts*, by path below *docs*, that are *asked* about; the others are only rendered, for
    the anchors that links lead to. *config* must have been claimed."""
    found: list[Problem] = []
    ids: dict[str, frozenset[str]] = {}
    limit = TimeLimit()
    for name, text in texts.items():
        if too_much := text.bounds():
            if name in asked and not text.is_article:  # the check of the sources names those of articles
                found += too_much
            continue
        try:
            with limit.of(text.path):
                html = _rendered(text, (docs / name).parent, config)
                found += text.problems(html) if name in asked else []
                ids[name] = frozenset(read_page(html).ids)
        except Exception as error:  # of any extension: named, without a traceback
            found += [problem_of(error, text.path)] if name in asked else []
    limit.close()
    for name, text in texts.items():
        found += text.lost_anchors(name, ids) if name in asked else []
    return found


def anchored(text: Text, name: str) -> set[str]:
    """The files below the docs folder to whose headings *text*, the file *name*, has links."""
    links = [each.target.partition("#") for each in text.body.references if each.kind == "link"]
    folder = posixpath.dirname(name)
    return {
        path
        for address, _, anchor in links
        if address and anchor and ":" not in address and (path := resolve_path(folder, address)) is not None
    }


def answer(problems: Iterable[Problem]) -> str:
    """*problems* as JSON, for the command that asked."""
    return json.dumps(
        [
            (each.mark.path, each.mark.line, each.mark.column, each.code.name, each.message, each.hint)
            for each in problems
        ]
    )


def _rendered(text: Text, folder: Path, config: MkDocsConfig) -> str:
    set_page(config, folder, None, lab_pages=False)
    renderer = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    # Without the lab's record, other extensions would take these marks for lists of attributes.
    return renderer.convert(CLAIM_AND_SPACE.sub("", NUMBER.sub(MEASURED, text.canonical)))
