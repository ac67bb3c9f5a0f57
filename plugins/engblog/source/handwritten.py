"""The front matter of hand-written pages, which are neither articles nor generated.

The host reads it too, and shows readers as text what it cannot read. So everything that it would read differently, or
not at all, is a problem here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from engblog.model.problems import Code, Mark, Problems, quote
from engblog.source import marked_yaml
from engblog.source.fields import Fields
from engblog.source.frontmatter import Parts, decode, split
from engblog.source.marked_yaml import Scalar, Value

TEXTS = ("title", "description", "kicker", "headline")
"""Keys whose text readers see. Pages can have others, for the theme or for plugins."""
_OURS = (*TEXTS, "updated", "noindex")

_SWALLOWED = re.compile(r" {0,3}[A-Za-z0-9_-]+:")
"""A first line that MkDocs takes for front matter in the manner of MultiMarkdown (``mkdocs.utils.meta``)."""
_LINE_ENDS = re.compile(f"[{''.join(map(chr, marked_yaml.UNUSUAL_LINE_ENDS))}]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A hand-written page, as far as its front matter describes it."""

    updated: date | None = None
    noindex: bool = False
    """True if search engines should not list it."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts that it gives for :data:`TEXTS`, as written."""


def read_hand_written(data: bytes | None, path: str, problems: Problems) -> HandWritten:
    """Read the front matter of the page *path* with content *data*, which is None if the file cannot be read."""
    if data is None:
        hint = "check its permissions, and that it is a file"
        problems.add(Mark(path), Code.S006_UNREADABLE, "the file cannot be read", hint)
        return HandWritten()
    text = decode(data, path, problems)
    return described(page_parts(text, path, problems), problems) if text is not None else HandWritten()


def described(parts: Parts | None, problems: Problems) -> HandWritten:
    """The page whose text is *parts*."""
    if parts is None or parts.fields is None:
        return HandWritten()
    ours = tuple((key, value) for key, value in parts.fields.pairs if key.text in _OURS)
    fields = Fields(marked_yaml.Mapping(parts.fields.mark, ours), problems, known=_OURS)
    texts = ((key, fields.text(key)) for key in TEXTS)
    return HandWritten(fields.day("updated"), fields.boolean("noindex"), {key: said for key, said in texts if said})


def page_parts(text: str, path: str, problems: Problems) -> Parts | None:
    """The parts of *text*, whose front matter may be missing; None if the host would not read it as we do."""
    first, _, rest = text.partition("\n")
    if first.rstrip(" \t") != "---":
        if _SWALLOWED.match(first):
            message = f"MkDocs would take {quote(first)} for front matter and not show it"
            hint = "put keys between two lines ---; start a text with a heading or an empty line"
            problems.add(Mark(path), Code.Y013_NO_DASHES, message, hint)
            return None
        return Parts(None, text, 1)
    already = len(problems.found)
    parts = split(text, path, problems)
    if parts is None or parts.fields is None or len(problems.found) > already:
        return parts
    head = "\n".join(rest.split("\n")[: parts.body_line - 3])
    if (end := _LINE_ENDS.search(head)) is not None:
        before = head[: end.start()]
        mark = Mark(path, before.count("\n") + 2, len(before) - before.rfind("\n"))
        message = f"MkDocs would end the line at U+{ord(end.group()):04X}, which editors do not show"
        problems.add(mark, Code.S007_CONTROL, message, "delete it")
    elif not parts.body and not text.endswith("\n"):
        hint = "end the line --- with a line break: MkDocs does not see it otherwise"
        problems.add(Mark(path, parts.body_line - 1), Code.Y002_NOT_CLOSED, "the front matter is not closed", hint)
    elif not parts.fields.pairs:
        hint = "write keys, or delete the two lines ---: MkDocs would show what is between them"
        problems.add(parts.fields.mark, Code.Y007_NOT_MAPPING, "the front matter has no keys", hint)
    elif not _constructs(head):
        bad = next((each for each in _scalars(parts.fields) if not _constructs(each.text)), None)
        message = f"MkDocs cannot read {quote(bad.text)}" if bad else "MkDocs cannot read the front matter"
        hint = "put the value in quotes"
        problems.add(bad.mark if bad else parts.fields.mark, Code.Y003_SYNTAX, message, hint)
    return parts


def _constructs(text: str) -> bool:
    """True if the host can make values of *text*, which is YAML; for ``2026-02-30``, it cannot."""
    try:
        yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError, TypeError, AttributeError):
        return False
    return True


def _scalars(value: Value) -> Iterator[Scalar]:
    if isinstance(value, marked_yaml.Mapping):
        for key, inner in value.pairs:
            yield key
            yield from _scalars(inner)
    elif isinstance(value, marked_yaml.Sequence):
        for item in value.items:
            yield from _scalars(item)
    elif value.kind != "str":
        yield value
