"""The blocks of text that a reader is shown by the HTML of an article's body, for comparing two renderings of it.

Only what a reader notices is in a block: the words, the marks of code, emphasis and links around them, and the list,
quotation, table or heading that they are in. Two renderings that differ in nothing else have equal blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, unquote

from engblog.html.tree import TEXT, HtmlTree, Node
from engblog.model.characters import straight

LINE = "data-line"
"""The attribute that gives the line that a block was written on."""
FOOTNOTE = "data-footnote"
"""The attribute of a footnote's text that gives its label."""
_FORMATS = {
    "code": "c", "kbd": "k", "strong": "b", "b": "b", "em": "i", "i": "i", "del": "s", "s": "s",
    "strike": "s", "a": "a",
    "sub": "v", "sup": "^", "mark": "m",
}  # fmt: skip
_AS_TYPED = frozenset("ck")
"""Formats of code, in which each character counts."""
_PATHS = {
    "blockquote": "quotation", "h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6", "td": "cell",
    "th": "cell", "dt": "term", "dd": "definition", "details": "box",
}  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "center", "dd", "details", "div", "dl", "dt", "figure", "footer", "header", "hr",
        "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr",
        "ul", *_PATHS,
    }
)  # fmt: skip
_BOXES = frozenset({"admonition", "tabbed-block", "box"})
_TITLES = frozenset({"admonition-title", "filename"})
_SKIPPED = frozenset(
    {
        "headerlink", "linenos", "toc", "keys", "claim", "footnote-backref", "footnote-sep", "annotation",
        "progress",
    }
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "svg", "figcaption", "template", "math", "caption", "colgroup"})
MEASURED = "\ue110"
"""The character in place of a measured number, whatever it is."""
_SPACES = re.compile(r"(\s+)")
_OPEN, _CLOSE, _PICTURE, _PICTURE_END, _NOTE, _BREAK = (chr(0xE100 + each) for each in range(6))
_FORMAT_MARK = re.compile(f"{_OPEN}[^{_OPEN}{_CLOSE}]*+{_CLOSE}")
_FIGURE = f"{_PICTURE}{_PICTURE_END}"
_PICTURES = re.compile(
    f"(?:(?<!\\s)\\s++)?+(?:{_FORMAT_MARK.pattern})?{_PICTURE}[^{_PICTURE}{_PICTURE_END}]*+{_PICTURE_END}"
)
_WEB = ("http://", "https://", "mailto:")


class Block(NamedTuple):
    """A block of text."""

    path: tuple[str, ...]
    """The containers around it, from the outside: ``list``, ``2.`` (an item of a numbered list), ``quotation``,
    ``cell``, ``code``, …"""
    text: str
    """Its words with marks of their format; a line break of the source stays one."""
    addresses: tuple[str, ...] = ()
    """Addresses on the web that it links to."""
    line: int = 0
    """The line that it begins on; 0 if unknown."""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for blocks that a reader cannot tell apart."""
        is_code = self.path[-1:] == ("code",)
        return self.path, self.text if is_code else self.text.replace("\n", " "), self.addresses


@dataclass(slots=True)
class Shown:
    """Everything that a body shows."""

    blocks: list[Block] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    """Titles of boxes, folds, tabs and code, in no order."""
    footnotes: dict[str, list[Block]] = field(default_factory=dict)


def shown(html: str) -> Shown:
    """Read *html*, the body of an article."""
    reader = _Reader()
    for node in HtmlTree(html, fragment=True).children:
        reader.read(node, (), "", 0)
    reader.flush((), 0)
    return reader.found


def words(text: str) -> str:
    """The text of a block without the marks of its format."""
    plain = _FORMAT_MARK.sub("", text).replace(_FIGURE, "a picture")
    return (
        plain.replace(_PICTURE, "![")
        .replace(_PICTURE_END, "]")
        .replace(_NOTE, "[^")
        .replace(_BREAK, "")
        .replace(MEASURED, "…")
    )


class _Reader:
    def __init__(self) -> None:
        self.found = Shown()
        self._blocks = self.found.blocks
        self._out: list[str] = []
        self._space = ""
        self._format = ""
        self._addresses: list[str] = []
        self._line = 0
        """The last line that an element gave, for text in elements that give none."""

    def read(self, node: Node, path: tuple[str, ...], formats: str, line: int) -> None:
        """Read *node*, which is in the containers *path* and has the *formats*."""
        name = node.tag or ""
        if name == TEXT:
            self._add(node.text_content or "", formats)
            return
        attributes = node.attributes
        classes = frozenset((attributes.get("class") or "").split())
        if name in _UNSEEN or classes & _SKIPPED:
            return
        if "measured" in classes:
            self._add(MEASURED, formats)
            return
        if classes & _TITLES or name == "summary" or "tabbed-labels" in classes:
            self._title(node, classes)
            return
        if name in _BLOCKS:  # what was before it has the line of the element around both
            self.flush(path, line)
        if given := attributes.get(LINE):
            self._line = line = int(given)
        if name in _BLOCKS:
            self._block(node, name, attributes, classes, path, line)
        elif name == "img":
            self._add(f"{_PICTURE}{' '.join(straight(attributes.get('alt') or '').split())}{_PICTURE_END}", formats)
        elif name == "input" and attributes.get("type") == "checkbox":
            self._add("[x] " if "checked" in attributes else "[ ] ", formats)
        elif name == "br":
            self._add(f"{_BREAK}\n", formats)
        elif (reference := _footnote(name, attributes)) is not None:
            self._add(f"{_NOTE}{reference}]", formats)
        else:
            if name in _FORMATS and _FORMATS[name] not in formats and (name != "a" or "href" in attributes):
                formats = "".join(sorted(formats + _FORMATS[name]))
                if name == "a" and (href := (attributes["href"] or "").strip()).startswith(_WEB):
                    self._addresses.append(_address(href))
            for child in node.iter(include_text=True):
                self.read(child, path, formats, line)

    def _block(
        self,
        node: Node,
        name: str,
        attributes: Mapping[str, str | None],
        classes: frozenset[str],
        path: tuple[str, ...],
        line: int,
    ) -> None:
        if name == "hr":
            self._blocks.append(Block((*path, "rule"), "", (), line))
            return
        if name == "pre":
            text = "\n".join(line.rstrip() for line in _code(node).strip("\n").expandtabs(4).split("\n"))
            self._blocks.append(Block((*path, "code"), text, (), line))
            return
        if name == "figure" and "figure" in classes:
            self._blocks.append(Block(path, _FIGURE, (), line))
            return
        if name == "div" and "footnote" in classes:
            for item in node.css("li[id^='fn:']"):
                self._footnote((item.attributes.get("id") or "")[3:], item, line)
            return
        if (label := attributes.get(FOOTNOTE)) is not None:
            self._footnote(label, node, line)
            return
        if name in _PATHS:
            path = (*path, _PATHS[name])
        elif classes & _BOXES:
            path = (*path, "box")
        number = (
            int(attributes.get("start") or 1) if name == "ol" and (attributes.get("start") or "1").isdecimal() else 1
        )
        at, before = line, len(self._blocks)
        for child in node.iter(include_text=True):
            if child.tag == "li":
                inner = (*path, f"{number}." if name == "ol" else "list")
                number += 1
                at = int(child.attributes.get(LINE) or at)
                self.flush(path, line)
                count = len(self._blocks)
                for part in child.iter(include_text=True):
                    self.read(part, inner, "", at)
                self.flush(inner, at, keep_empty=len(self._blocks) == count)
            else:
                self.read(child, path, "", at)
        self.flush(path, line, keep_empty=name in {"td", "th"} and len(self._blocks) == before)

    def _footnote(self, label: str, node: Node, line: int) -> None:
        before, self._blocks = self._blocks, self.found.footnotes.setdefault(label, [])
        for child in node.iter(include_text=True):
            self.read(child, (), "", line)
        self.flush((), line)
        self._blocks = before

    def _title(self, node: Node, classes: frozenset[str]) -> None:
        parts = node.css("label") if "tabbed-labels" in classes else [node]
        self.found.titles += [straight(" ".join((part.text() or "").split())) for part in parts]

    def _add(self, text: str, formats: str) -> None:
        if not _AS_TYPED & {*formats}:
            text = straight(text)  # however it is set, it is the same text
        for part in _SPACES.split(text):
            if not part:
                continue
            if part.isspace():
                self._space = "\n" if "\n" in part or self._space == "\n" else " "
                continue
            if self._space and self._out:
                self._out.append(self._space)
            self._space = ""
            if formats != self._format:
                self._out.append(f"{_OPEN}{formats}{_CLOSE}")
                self._format = formats
            self._out.append(part)

    def flush(self, path: tuple[str, ...], line: int, *, keep_empty: bool = False) -> None:
        """End the block that is being read."""
        text = "".join(self._out)
        if text and not _PICTURES.sub("", text):
            self._blocks += [Block(path, _FIGURE, (), line or self._line)] * len(_PICTURES.findall(text))
        elif text or keep_empty:
            self._blocks.append(Block(path, text, tuple(self._addresses), line or self._line))
        self._out, self._addresses, self._space, self._format = [], [], "", ""


def _code(node: Node) -> str:
    return "".join(_code_texts(node))


def _code_texts(node: Node) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == TEXT:
            yield child.text_content or ""
        elif "linenos" not in (child.attributes.get("class") or "").split():
            yield from _code_texts(child)


def _footnote(name: str, attributes: Mapping[str, str | None]) -> str | None:
    identity = attributes.get("id") or ""
    if name != "sup" or not identity.startswith("fnref"):
        return None
    return identity.partition(":")[2]


def _address(href: str) -> str:
    return quote(unquote(href), safe="/:?#[]@!$&'()*+,;=%~")
