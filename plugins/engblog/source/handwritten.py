"""The front matter of hand-written pages, which are neither articles nor generated.

The host gets only what is read here, and never reads the file's front matter itself. What the host would read in
another way, or show to readers as text, is a problem anyway: other programs read these files by its rules.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.source import marked_yaml
from engblog.source.fields import Fields, Key
from engblog.source.frontmatter import Parts, decode, split
from engblog.source.marked_yaml import Scalar, Value

TEXTS = ("title", "description", "kicker", "headline")
"""Keys whose text readers see."""
PAGE_TEMPLATES = ("views/offline.html", "views/search.html")
"""The theme's templates that are made for hand-written pages; every other shows what the engine gives it."""
PAGE_KEYS = (
    Key("title", "text", "Title of the page."),
    Key("description", "text", "The text below the title, and in search engines."),
    Key("kicker", "text", "The words above the headline of the home page."),
    Key("headline", "text", "The headline of the home page."),
    Key("updated", "day", "Day of the last change."),
    Key("noindex", "truth", "Asks search engines not to list the page."),
    Key("template", "text", "A template of the theme that is made for pages.", among=PAGE_TEMPLATES),
)
"""Every key of the front matter of a hand-written page."""
_KEYS = tuple(key.name for key in PAGE_KEYS)

_SWALLOWED = re.compile(r" {0,3}[A-Za-z0-9_-]+:")
"""A first line that MkDocs takes for front matter in the manner of MultiMarkdown (``mkdocs.utils.meta``)."""
_LOOKED_AT = 200
"""Lines in which a second block of front matter is looked for."""
_DASHES = re.compile(r"-{3,}|\.{3}")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\s*:(?:\s|$)")
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
    template: str = ""
    """The theme's template that shows it; empty for the usual one."""
    body: str = field(default="", compare=False)
    """Its text, in Markdown."""

    @property
    def meta(self) -> dict[str, str]:
        """The front matter that the host and templates get, which is nothing but this."""
        return {**self.texts, **({"template": self.template} if self.template else {})}


def read_hand_written(
    data: bytes | None, path: str, problems: Problems, templates: Collection[str] = PAGE_TEMPLATES
) -> HandWritten:
    """Read the page *path* with content *data*, which is None if the file cannot be read; *templates* are those that it
    can ask for."""
    if data is None:
        hint = "check its permissions, and that it is a file"
        problems.add(Mark(path), Code.S006_UNREADABLE, "the file cannot be read", hint)
        return HandWritten()
    text = decode(data, path, problems)
    return described(page_parts(text, path, problems), problems, templates) if text is not None else HandWritten()


def described(parts: Parts | None, problems: Problems, templates: Collection[str] = PAGE_TEMPLATES) -> HandWritten:
    """The page whose text is *parts*; *templates* are those that it can ask for."""
    if parts is None or parts.fields is None:
        return HandWritten(body=parts.body if parts else "")
    fields = Fields(parts.fields, problems, known=_KEYS)
    texts = ((key, fields.prose(key)) for key in TEXTS)
    return HandWritten(
        fields.day("updated"),
        fields.boolean("noindex"),
        {key: said for key, said in texts if said},
        _template(fields, templates, problems),
        parts.body,
    )


def _template(fields: Fields, templates: Collection[str], problems: Problems) -> str:
    name = fields.text("template") or ""
    if name and name not in templates:
        hint = did_you_mean(name, templates) or "delete the line: the theme has no templates for pages"
        message = f"{quote(name)} is not a template for pages"
        problems.add(fields.place("template"), Code.F012_TEMPLATE, message, hint)
        return ""
    return name


def page_parts(text: str, path: str, problems: Problems) -> Parts | None:
    """The parts of *text*, whose front matter may be missing; None if the host would not read it as we do."""
    first, _, rest = text.partition("\n")
    if (shown := shown_front_matter(text)) is not None:
        _note_shown(shown, path, problems)
        return None
    if first.rstrip(" \t") != "---":
        if _SWALLOWED.match(first):
            message = f"MkDocs would take {quote(first)} for front matter and not show it"
            hint = "put keys between two lines ---; start a text with a heading or an empty line"
            problems.add(Mark(path), Code.Y013_NO_DASHES, message, hint)
            return None
        return Parts(None, text, 1)
    already = len(problems.found)
    parts = split(text, path, problems)
    if parts is not None and (again := shown_front_matter(parts.body, again=True)) is not None:
        _note_shown(parts.body_line + again - 1, path, problems)
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


def shown_front_matter(text: str, *, again: bool = False) -> int | None:
    """The line, from one, at which *text* begins with what looks like front matter but is not, because something is
    before it or it has too many dashes; None if it does not. With *again*, *text* follows front matter."""
    lines = text.split("\n")[:_LOOKED_AT]
    start = next((number for number, line in enumerate(lines) if _bare(line)), len(lines))
    if start < len(lines) and _DASHES.fullmatch(_bare(lines[start])):
        if not again and start == 0 and lines[0].rstrip(" \t") == "---":
            return None
        return start + 1 if any(_KEY.match(_bare(line)) for line in lines[start + 1 : start + 2]) else None
    if again and start < len(lines) and _KEY.match(_bare(lines[start])):
        block = itertools.takewhile(lambda line: line.strip(), lines[start + 1 :])
        return start + 1 if any(_DASHES.fullmatch(_bare(line)) for line in block) else None
    return None


def _bare(line: str) -> str:
    return line.strip(" \t\ufeff\u200b")


def _note_shown(line: int, path: str, problems: Problems) -> None:
    message = "these lines look like front matter, but readers would see them as text"
    hint = "begin the file with a line ---, then the keys, then a line ---; there is only one such block"
    problems.add(Mark(path, line), Code.Y014_SHOWN, message, hint)


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
