"""From a page's rendered HTML to sections of plain text."""

from __future__ import annotations

from dataclasses import dataclass, field

from engblog.html.tree import TEXT, HtmlTree, Node

_DROPPED = frozenset(
    {"script", "style", "svg", "template", "math", "label", "iframe", "noembed", "noframes", "noscript", "object"}
)
"""Elements that are no text."""
_NOTED = frozenset({"a", "sup"})
_MARKS = frozenset({"headerlink", "footnote-backref"})
_BLOCKS = frozenset(
    {
        "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "td", "th", "pre",
        "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "figure", "figcaption", "details", "summary",
        "article", "header", "footer", "aside", "nav", "br", "hr", "img", "video", "option", "button",
    }
)  # fmt: skip
"""Elements that part the words around them."""
_HEADINGS = frozenset({"h2", "h3", "h4"})


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an article that a result can lead to."""

    anchor: str
    """The id of its heading; empty for the text before the first heading."""
    heading: str
    text: str
    """Plain text, code included, without the heading."""


def sections_of(html: str) -> tuple[Section, ...]:
    """Split the *html* of an article's body at its headings (h2 to h4 with an id) into sections of plain text.

    Code is text too. Scripts, style sheets, pictures, permalinks and footnote marks are left out. A heading without an
    id leads nowhere, so it stays in the section it stands in.
    """
    open_ = [_Open()]
    for node in HtmlTree(html, fragment=True, scripting=True).children:
        _read(node, open_)
    sections = (Section(each.anchor, _plain(each.heading), _plain(each.text)) for each in open_)
    return tuple(section for section in sections if section.text or section.heading)


@dataclass(slots=True)
class _Open:
    """A section whose words are still coming."""

    anchor: str = ""
    heading: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def _read(node: Node, found: list[_Open], heading: list[str] | None = None) -> None:
    """Add the words of *node* to the last section of *found* or, inside of one, to its *heading*."""
    words = found[-1].text if heading is None else heading
    name = node.tag or ""
    if name == TEXT:
        words.append(node.text_content or "")
        return
    if name in _DROPPED or (name in _NOTED and _is_mark(node)):
        words.append(" ")
        return
    if heading is None and name in _HEADINGS and (anchor := node.attributes.get("id")):
        found.append(_Open(anchor))
        heading = found[-1].heading
    elif name == "pre":  # highlighted code: nothing but words, and most of an article's tags
        words += (" ", node.text(), " ")
        return
    elif name in _BLOCKS:
        words.append(" ")
    for child in node.iter(include_text=True):
        _read(child, found, heading)
    if name in _BLOCKS:
        (found[-1].text if heading is None else heading).append(" ")


def _is_mark(node: Node) -> bool:
    """Whether *node* is a permalink, or the mark of a footnote."""
    attributes = node.attributes
    if node.tag == "sup":
        return (attributes.get("id") or "").startswith("fnref")
    return not _MARKS.isdisjoint((attributes.get("class") or "").split())


def _plain(words: list[str]) -> str:
    return " ".join("".join(words).split())
