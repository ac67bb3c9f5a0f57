"""Writes the search index, and runs the engine on a built site."""

from __future__ import annotations

import gc
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from shutil import which
from typing import Any

from engblog.model.errors import EngblogError
from engblog.outputs.search import Document, build_index
from engblog.outputs.search.meaning import Meanings, read_meanings

ENGINE = "search/engine.mjs"
BASE = "search/base.json"
_SECONDS = 60
_EXCERPTS = 10
"""Results whose texts are read unless told, so that they lead to a section."""


class SearchError(EngblogError):
    """A search could not be made: no Node.js, no index, or a damaged one. The message says which."""


def search_files(documents: Iterable[Document]) -> dict[str, bytes]:
    """The index of *documents* and the engine that reads it, by path from the site's root."""
    with _uncollected():
        files = build_index(documents, meanings())
    return files | {ENGINE: _built("engine.mjs").read_bytes()}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Switch off the search for reference cycles, because none of an index's millions of values is in one."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def search_site(site: Path, text: str, options: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Search the built *site* for *text* with the engine that its readers load.

    The answer is the engine's (``Answer`` in ``search/src/engine.mjs``) with ``bytes``: the sizes, gzipped, of the
    engine and of every file of the index that it had to load. *options* are the engine's (``Options``, the same
    place). Raises :class:`SearchError`.
    """
    for needed in (BASE, ENGINE):
        if not (site / needed).is_file():
            raise SearchError(f"{site} has no {needed}: build the site first, with `mkdocs build`")
    node = which("node")
    if node is None:
        raise SearchError(
            "searching from a shell needs Node.js 20 or later on the PATH; readers' browsers need nothing"
        )
    asked = json.dumps({"excerpts": _EXCERPTS, **(options or {})})
    arguments = [node, str(_built("cli.mjs")), str(site.resolve()), asked]
    try:
        typed = text.encode("utf-8", "replace")  # a shell may pass bytes that are not text
        done = subprocess.run(arguments, input=typed, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SearchError(f"node gave no answer within {_SECONDS} seconds") from None
    if done.returncode:
        raise SearchError(done.stderr.decode(errors="replace").strip() or f"node ended with status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def brief(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The output of ``engblog search --json``: the bytes loaded, and the results, best first.

    Each result has the article's address from the site's root, the same with the section's anchor (``href``), the
    title, the section's heading and the score.
    """
    keys = ("url", "href", "title", "section", "score")
    results = [{key: found[key] for key in keys} for found in answer["results"]]
    return {"results": results, "bytes": answer["bytes"]}


@cache
def meanings() -> Meanings:
    """The table of word meanings that comes with this package."""
    words, others = (_built(name).read_text(encoding="utf-8") for name in ("meaning.txt", "english.txt"))
    return read_meanings(words, _built("meaning.bin").read_bytes(), others)


def _built(name: str) -> Path:
    return Path(str(package_files("engblog.outputs.search"))) / "built" / name
