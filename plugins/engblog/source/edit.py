"""Changes to a source that leave every other byte of it as its author wrote it.

YAML is not dumped again: values are found by their marks, and only their characters change. The result is read back and
compared before it is returned.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import yaml

from engblog.model.problems import Problems
from engblog.model.urls import resolve_path
from engblog.source.body import scan
from engblog.source.frontmatter import split
from engblog.source.marked_yaml import UNUSUAL_LINE_ENDS, Mapping, Scalar, Sequence, Value, parse

_LINE_END = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r"[\w./-]+")
_ITEM = re.compile(r"[ \t]*-[ \t]+")
_LONGEST = 4 * 1024 * 1024

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RewriteError(Exception):
    """The source has a form that cannot be edited automatically; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a text, its replacement, and a description of the change."""

    start: int
    end: int
    text: str
    line: int
    said: str
    """``../old/index.md is now ../new/index.md``."""


def apply_changes(text: str, changes: Iterable[Edit]) -> str:
    """*text* with all *changes* made, which do not overlap."""
    for change in sorted(changes, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


class Lines:
    """Lines and columns of a text as positions in it, whatever its line ends are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """The position of *line* and *column*, both one-based."""
        return self._starts[line - 1] + column - 1

    def line(self, offset: int) -> int:
        """The line, one-based, in which *offset* is."""
        return bisect_right(self._starts, offset)

    def start(self, offset: int) -> int:
        """The start of the line that contains *offset*."""
        return self._starts[self.line(offset) - 1]

    def end(self, offset: int) -> int:
        """The end of the line that contains *offset*: the start of the next line, or the end of the text."""
        line = self.line(offset)
        return self._starts[line] if line < len(self._starts) else len(self._text)


class Yaml:
    """A mapping in YAML within a text, its values with their exact spans."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Read the mapping in ``text[start:end]``. Raises :class:`RewriteError` if there is none."""
        self.text, self.start, self.end = text, start, end
        self.lines = Lines(text)
        self._first = self.lines.line(start)
        head = text[start:end].translate(UNUSUAL_LINE_ENDS)
        node = yaml.compose(head, Loader=_Loader)
        if not isinstance(node, yaml.MappingNode):
            raise RewriteError("it has no keys")
        self.root = node

    def get(self, key: str) -> tuple[yaml.Node, yaml.Node] | None:
        """The nodes of *key* and its value."""
        return next((pair for pair in self.root.value if pair[0].value == key), None)

    def span(self, node: yaml.Node) -> tuple[int, int]:
        """The span of *node* in the text."""
        return self._offset(node.start_mark), self._offset(node.end_mark)

    def place(self, node: yaml.Node) -> int:
        """The line of *node*."""
        return self.lines.line(self.span(node)[0])

    def inner(self, node: yaml.Node, start: str) -> int:
        """The position of the value of *node*, which begins with *start* literally. Raises :class:`RewriteError`."""
        at = self.span(node)[0]
        if isinstance(node, yaml.ScalarNode) and node.style in {"'", '"'}:
            at += 1
        if not self.text.startswith(start, at):
            raise RewriteError(f"line {self.place(node)} has a form that cannot be edited automatically")
        return at

    def _offset(self, mark: Any) -> int:
        return self.lines.offset(self._first + mark.line, mark.column + 1)


def front_matter(text: str) -> Yaml:
    """The front matter of an article or a page. Raises :class:`RewriteError` if there is none."""
    ends = list(_LINE_END.finditer(text))
    if ends and text[: ends[0].start()].rstrip(" \t") == "---":
        for before, after in pairwise(ends):
            if text[before.end() : after.start()].rstrip(" \t") in {"---", "..."}:
                return Yaml(text, ends[0].end(), before.end())
        if text[ends[-1].end() :].rstrip(" \t") in {"---", "..."}:
            return Yaml(text, ends[0].end(), ends[-1].end())
    raise RewriteError("it has no front matter")


def change_day(front: Yaml, old: str, new: str) -> Edit:
    """Change ``date`` from the day *old* to *new*, both ISO; a time after it stays."""
    found = front.get("date")
    if found is None:
        raise RewriteError("it has no date")
    at = front.inner(found[1], old)
    return Edit(at, at + len(old), new, front.lines.line(at), f"date {old} is now {new}")


def rename_required(front: Yaml, old: str, new: str) -> Iterator[Edit]:
    """Change *old* to *new* in the list of ``requires``."""
    found = front.get("requires")
    if found is not None and isinstance(found[1], yaml.SequenceNode):
        for item in found[1].value:
            if item.value == old:
                at = front.inner(item, old)
                yield Edit(at, at + len(old), new, front.lines.line(at), f"requires {old} is now {new}")


def change_aliases(front: Yaml, *, add: str | None, remove: str | None) -> Iterator[Edit]:
    """Add *add* to the end of ``aliases`` and take *remove* out of it; both have the form ``/old/address/``.

    The list is made if there is none, and goes when nothing is left in it.
    """
    found = front.get("aliases")
    if found is None:
        if add is not None:
            yield _new_list(front, add)
        return
    key, value = found
    if not isinstance(value, yaml.SequenceNode) or not value.value:
        if add is not None:
            yield _first_item(front, value, add)
        return
    gone = [item for item in value.value if remove is not None and _same(item.value, remove)]
    if len(gone) == len(value.value):
        yield from _only_item(front, key, value, gone[0], add)
        return
    for item in gone:
        yield _without(front, value, item)
    if add is not None:
        yield _behind(front, value, add)


def add_id(front: Yaml, address: str) -> Edit:
    """Add ``id``, such as ``/first/address/``, after all other keys."""
    if front.root.flow_style:
        raise RewriteError(f"its front matter is one line of braces: add `id: {address}` to it by hand")
    indent = " " * front.root.start_mark.column
    text = f"{indent}id: {_written(address)}{_line_end(front)}"
    return Edit(
        front.end, front.end, text, front.lines.line(front.end), f"id {address} added: feeds know the article by it"
    )


def _same(one: object, other: str) -> bool:
    return isinstance(one, str) and one.strip("/") == other.strip("/")


def _new_list(front: Yaml, address: str) -> Edit:
    if front.root.flow_style:
        raise RewriteError(f"its front matter is one line of braces: add `aliases: [{address}]` to it by hand")
    indent = " " * front.root.start_mark.column
    eol = _line_end(front)
    text = f"{indent}aliases:{eol}{indent}  - {_written(address)}{eol}"
    return Edit(front.end, front.end, text, front.lines.line(front.end), f"alias {address} added")


def _line_end(front: Yaml) -> str:
    end = _LINE_END.search(front.text)
    return end.group() if end else "\n"


def _first_item(front: Yaml, value: yaml.Node, address: str) -> Edit:
    start, end = front.span(value)
    blank = " " if start == end else ""
    return Edit(start, end, f"{blank}[{_written(address)}]", front.place(value), f"alias {address} added")


def _only_item(
    front: Yaml, key: yaml.Node, value: yaml.SequenceNode, item: yaml.Node, add: str | None
) -> Iterator[Edit]:
    if add is not None:
        start, end = front.span(item)
        yield Edit(start, end, _written(add), front.place(item), f"alias {item.value} is now {add}")
        return
    if value.flow_style:
        end = front.lines.end(front.span(value)[1] - 1)
    else:
        end = front.lines.end(front.span(value.value[-1])[1] - 1)
    start = front.lines.start(front.span(key)[0])
    yield Edit(start, end, "", front.place(key), f"alias {item.value} removed")


def _without(front: Yaml, value: yaml.SequenceNode, item: yaml.Node) -> Edit:
    index = value.value.index(item)
    start, end = front.span(item)
    if not value.flow_style:
        first, last = front.lines.start(start), front.lines.end(end - 1)
        return Edit(first, last, "", front.place(item), f"alias {item.value} removed")
    if index + 1 < len(value.value):
        end = front.span(value.value[index + 1])[0]
    else:
        start = front.span(value.value[index - 1])[1]
    return Edit(start, end, "", front.place(item), f"alias {item.value} removed")


def _behind(front: Yaml, value: yaml.SequenceNode, address: str) -> Edit:
    last = value.value[-1]
    start, end = front.span(last)
    said = f"alias {address} added"
    if value.flow_style:
        return Edit(end, end, f", {_written(address)}", front.place(last), said)
    lead = front.text[front.lines.start(start) : start]
    if not _ITEM.fullmatch(lead):
        raise RewriteError(f"line {front.place(last)} has a form that cannot be edited automatically")
    at = front.lines.end(end - 1)
    eol = _LINE_END.search(front.text, end)
    return Edit(at, at, f"{lead}{_written(address)}{eol.group() if eol else ''}", front.lines.line(at), said)


def _written(address: str) -> str:
    return address if _PLAIN.fullmatch(address) else f'"{address}"'


def moved_links(text: str, folder: str, old_folder: str, new_slug: str) -> Iterator[Edit]:
    """Change the links and pictures in *text* that lead into *old_folder*, whose name becomes *new_slug*.

    *text* belongs to a file in *folder*. Only the folder's name changes; the rest of each link stays as written.
    """
    lines = Lines(text)
    body, first = text, 1
    try:
        front = front_matter(text)
    except (RewriteError, yaml.YAMLError):
        pass
    else:
        at = front.lines.end(front.end)
        body, first = text[at:], front.lines.line(at)
    plain = _LINE_END.sub("\n", body)
    seen = set()
    for reference in scan(plain, first).references:
        if reference.kind not in {"link", "image"} or reference.where in seen or not reference.where[0]:
            continue
        seen.add(reference.where)
        target = _renamed(reference.target, folder, old_folder, new_slug)
        if target is not None:
            at = lines.offset(*reference.where)
            if not text.startswith(reference.target, at):
                raise RewriteError(f"line {reference.line}: {reference.target} cannot be edited automatically")
            said = f"{reference.target} is now {target}"
            yield Edit(at, at + len(reference.target), target, reference.where[0], said)


def _renamed(target: str, folder: str, old_folder: str, new_slug: str) -> str | None:
    if target.startswith(("/", "#", "?")):
        return None
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    parts = path.split("/")
    slug = posixpath.basename(old_folder)
    for index, part in enumerate(parts):
        if unquote(part) == slug and resolve_path(folder, "/".join(parts[: index + 1])) == old_folder:
            parts[index] = new_slug
            return "/".join(parts) + target[len(path) :]
    return None


def moved_targets(text: str, old: str, new: str) -> Iterator[Edit]:
    """Change the targets in a redirects file that are at or below the address *old* to *new*; both addresses have the
    form ``articles/2026/11/20/slug/``."""
    if not text.strip():
        return
    try:
        whole = Yaml(text, 0, len(text))
    except RewriteError:
        return  # only comments
    was, now = f"/{old}".rstrip("/"), f"/{new}".rstrip("/")
    for _, value in whole.root.value:
        to = str(value.value)
        if to == was or to.startswith((f"{was}/", f"{was}#")):
            at = whole.inner(value, was)
            line = whole.lines.line(at)
            yield Edit(at, at + len(was), now, line, f"{to} is now {now}{to[len(was) :]}")


def plain_front_matter(text: str) -> Any:
    """The front matter of *text* as plain values, to compare before with after; None if it cannot be read."""
    problems = Problems()
    document = split(_LINE_END.sub("\n", text), "", problems)
    return _plain(document.fields) if document and document.fields and not problems.found else None


def plain_yaml(text: str) -> Any:
    """The YAML *text* as plain values; None if it cannot be read."""
    problems = Problems()
    value = parse(_LINE_END.sub("\n", text), "", problems, most=_LONGEST)
    return None if value is None or problems.found else _plain(value)


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {key.text: _plain(each) for key, each in value.pairs}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value.items]
    return value.text if isinstance(value, Scalar) and value.kind != "null" else None
