"""Keeps what the scan of an article's body found, so that only articles that changed are scanned and checked.

A scan is kept under the bytes of the whole file, and only if no check of the sources had anything to say: the checks
that look at nothing but the text need not be made for the same file again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from pathlib import Path

from engblog.disk.pictures import read_file
from engblog.disk.store import Store, key_of
from engblog.disk.workers import in_workers
from engblog.model.problems import Problems
from engblog.source.allowances import has_allowances
from engblog.source.body import Body, Reference
from engblog.source.commonmark import LateBlocks
from engblog.source.frontmatter import MAX_BYTES, Parts
from engblog.source.parse import Parsed, parse_article
from engblog.source.schema import check_text


class Scans:
    """The scans that earlier runs have left in *store*; *surroundings* is a digest of everything that a scan and the
    checks depend on besides the file, code included."""

    def __init__(self, store: Store, surroundings: str) -> None:
        self._store, self._surroundings = store, surroundings
        self._new: dict[str, str] = {}
        """The keys of the files that were scanned, by path."""

    def prepare(self, files: Mapping[str, Path], prefix: str, *, sourced_figures: bool) -> None:
        """Scan the articles in *files*, by path from the docs folder, of which nothing is known, on all cores. With
        *sourced_figures*, each of their quantities needs a source."""

        def scan(name: str) -> None:
            data, problems = read_file(files[name], MAX_BYTES + 1), Problems()
            parsed = parse_article(data, name, prefix)
            if data is not None and not parsed.problems:
                check_text(parsed, problems, sourced_figures=sourced_figures)
                if not problems.found:
                    self._put(self._key(data, name, prefix), parsed)

        def is_new(name: str) -> bool:
            return not self._store.has(self._key(read_file(files[name], MAX_BYTES + 1), name, prefix))

        in_workers([name for name in files if is_new(name)], scan)

    def parse(self, data: bytes | None, src_uri: str, prefix: str) -> Parsed:
        """Do :func:`~engblog.source.parse.parse_article` with what is known of the file."""
        key = self._key(data, src_uri, prefix)
        parsed = parse_article(data, src_uri, prefix, lambda parts: self._known(key, parts))
        if not parsed.is_sound:
            self._new[src_uri] = key
        return parsed

    def keep(self, articles: Iterable[Parsed]) -> None:
        """Leave the scans of *articles*, in which there is no problem at all, for later runs. An article that has an
        allowance is checked each time, because a problem that is allowed must be there."""
        for parsed in articles:
            if (key := self._new.get(parsed.src_uri)) is not None and not has_allowances(parsed):
                self._put(key, parsed)

    def _key(self, data: bytes | None, src_uri: str, prefix: str) -> str:
        return key_of("scan", self._surroundings, src_uri, prefix, data or b"")

    def _put(self, key: str, parsed: Parsed) -> None:
        if (body := parsed.body) is not None:
            row = [body.prose, body.code, [astuple(reference) for reference in body.references]]
            self._store.put(key, json.dumps(row).encode())

    def _known(self, key: str, parts: Parts) -> Body | None:
        try:
            prose, code, references = json.loads(self._store.get(key) or b"")
            found = tuple(
                Reference(kind, target, line, column, text, (where[0], where[1]))
                for kind, target, line, column, text, where in references
            )
        except (ValueError, TypeError, LookupError):
            return None
        return Body(prose, tuple(code), found, LateBlocks(parts.body), parts.body_line)
