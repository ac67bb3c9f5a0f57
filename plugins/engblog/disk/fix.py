"""Fixes the texts of a site where that is safe, each file completely or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engblog.disk.docs import DocsSettings, display_path
from engblog.disk.part import Part
from engblog.disk.pictures import read_file
from engblog.disk.walk import walk
from engblog.model.article import Taxonomy
from engblog.model.problems import Problems
from engblog.model.urls import MARKDOWN
from engblog.source.edit import Edit, apply_changes
from engblog.source.fixes import fixes
from engblog.source.frontmatter import MAX_BYTES
from engblog.source.vocabulary import read_taxonomy


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file with what was changed in it, or with the reason why nothing was."""

    path: str
    edits: tuple[Edit, ...] = ()
    refused: str = ""


def fix_texts(docs: Path, settings: DocsSettings, part: Part | None = None) -> Iterator[Fixed]:
    """Fix every article and every page below *docs*, or those of *part*, and yield each that has changed or that could
    not be written."""
    taxonomy = read_taxonomy(read_file(docs / settings.taxonomy), "", Problems())
    exclusion, prefix = settings.exclusion(preview=False), display_path(docs)
    for name in sorted(name for name in walk(docs) if name.endswith(MARKDOWN) and not exclusion.leaves_out(name)):
        is_text = not name.startswith(f"{settings.articles_dir}/") or name.endswith("/index.md")
        if is_text and (part is None or name in part.texts):
            edits, refused = fix_file(docs / name, docs, taxonomy)
            if edits:
                yield Fixed(prefix + name, () if refused else edits, refused)


def fix_file(path: Path, docs: Path, taxonomy: Taxonomy) -> tuple[tuple[Edit, ...], str]:
    """Fix the file *path* below *docs*; the changes, and the reason why they were not made, if there is one."""
    before = read_file(path, MAX_BYTES + 1)
    if before is None or len(before) > MAX_BYTES or not path.resolve().is_relative_to(docs.resolve()):
        return (), ""
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return (), ""
    edits = tuple(fixes(text, taxonomy))
    return edits, _write(path.resolve(), before, apply_changes(text, edits).encode()) if edits else ""


def _write(path: Path, before: bytes, after: bytes) -> str:
    """Put *after* into the place of the file *path*, unless it is not *before* any more; the reason if it was not
    done."""
    try:
        handle, name = tempfile.mkstemp(prefix=".fix-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
            shutil.copymode(path, name)
            if read_file(path, MAX_BYTES + 1) != before:  # an editor has saved it
                Path(name).unlink()
                return "the file has changed meanwhile; run this again"
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        return f"the file cannot be written: {error.strerror}"
    return ""
