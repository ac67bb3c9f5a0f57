"""An article's body made fit for a feed reader, which has neither our style sheet nor our address.

What comes out is well-formed, of plain elements alone, and leads or loads nowhere by a relative address. The tree of
the body is written anew; nothing of its markup passes that is not named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import urljoin, urlsplit

from engblog.html.tree import TEXT, HtmlTree, Node
from engblog.model.text import xml_safe

FileAddress = Callable[[str], str | None]
"""From the name by which a text sets a file in, to the file's whole address; None for one that is not published."""

_DROPPED = frozenset(
    {
        "button", "canvas", "embed", "form", "head", "iframe", "math", "noembed", "noframes", "noscript", "object",
        "script", "select", "style", "template", "textarea", "title",
    }
)  # fmt: skip
"""Elements that go with all that is in them."""
_KEPT = frozenset(
    {
        "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "caption", "cite", "code", "dd", "del", "details",
        "dfn", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "li",
        "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "summary", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "video",
    }
)  # fmt: skip
"""Elements that stay; of any other, what is in it stays."""
_EMPTY = frozenset({"br", "hr", "wbr"})
_ATTRIBUTES = {
    "a": ("href",),
    "audio": ("src", "controls"),
    "details": ("open",),
    "img": ("src", "alt", "width", "height"),
    "li": ("value",),
    "ol": ("start", "reversed"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "time": ("datetime",),
    "video": ("src", "controls", "width", "height"),
}
_EVERYWHERE = ("title", "lang", "dir")
_SCHEMES = frozenset({"http", "https", "mailto"})


def readable(body: str, *, address: str, root: str, file_address: FileAddress) -> str:
    """*body*, rendered HTML, for a reader elsewhere; empty for a text that no one can read.

    *address* is the whole address of its page and *root* that of its site: a picture or a film from anywhere else is
    left out. Takes time in proportion to the length of *body*.
    """
    around = _Around(address, root, file_address)
    return xml_safe("".join(_all(HtmlTree(body, fragment=True, scripting=True).children, around))).strip()


@dataclass(frozen=True, slots=True)
class _Around:
    """What an element must know of the page and of the elements that it is in."""

    address: str
    root: str
    file_address: FileAddress
    file: str = ""
    """The name of the file that a drawing was set in from."""
    language: str = ""
    """The class that names the language of the code."""
    labels: Iterator[str] = field(default_factory=lambda: iter(()))
    """Of the tabs: the labels whose text is still to come."""
    in_code: bool = False


def _all(nodes: Iterable[Node], around: _Around) -> Iterator[str]:
    for node in nodes:
        name = node.tag
        if name == TEXT:
            yield _text(node.text_content or "")
        elif name == "span" and node.attributes.keys() <= {"class", "id"} and not _is(node, "filename"):
            yield from _inside(node, around)
        else:
            yield from _element(node, name or "", around)


def _inside(node: Node, around: _Around) -> Iterator[str]:
    return _all(node.iter(include_text=True), around)


def _element(node: Node, name: str, around: _Around) -> Iterator[str]:
    classes = _classes(node)
    if name in _DROPPED or "headerlink" in classes or "tabbed-labels" in classes or name[:1] in {"-", ""}:
        return
    if name == "svg":
        yield _drawing(node, around)
    elif name == "input":
        if node.attributes.get("type") == "checkbox":
            yield "☑" if "checked" in node.attributes else "☐"
    elif name == "img":
        attributes = _attributes(node, around)
        yield f"<img{attributes} />" if " src=" in attributes else _text(node.attributes.get("alt") or "")
    elif name in _EMPTY:
        yield f"<{name} />"
    elif name == "code" and around.in_code and around.language:  # nothing but words, and most of an article's tags
        yield f"<code{_pair('class', around.language)}>{_text(node.text())}</code>"
    else:
        start, end, within = _frame(node, name, classes, around)
        yield start
        yield from _inside(node, within)
        yield end


def _frame(node: Node, name: str, classes: list[str], around: _Around) -> tuple[str, str, _Around]:
    """What is written before and after what is in *node*, and what that has to know."""
    before = ""
    if "figure-scroll" in classes:
        around = replace(around, file=node.attributes.get("data-file") or "")
    elif "highlight" in classes:
        around = replace(around, language=next((each for each in classes if each.startswith("language-")), ""))
    elif "filename" in classes:
        return "<p><em>", "</em></p>\n", around
    elif "admonition" in classes:
        return "<blockquote>", "</blockquote>", around
    elif "admonition-title" in classes:
        return "<p><strong>", "</strong></p>", around
    elif "tabbed-set" in classes:
        return "", "", replace(around, labels=_labels(node, around))
    elif "tabbed-block" in classes and (label := next(around.labels, None)) is not None:
        before = f"<p><strong>{label}</strong></p>\n"
    elif "measured" in classes:
        return "", "", around  # a link on each number would be all that a reader sees
    elif "claim" in classes:
        return f"\N{NO-BREAK SPACE}<a{_attributes(node, around)}>✓", "</a>", around
    attributes = _attributes(node, around)
    if name in _KEPT and (name != "a" or "href" in node.attributes):
        if name == "pre":
            around = replace(around, in_code=True)
        return f"{before}<{name}{attributes}>", f"</{name}>", around
    # An element without meaning of its own: its inside, and the direction or the language of that.
    if attributes and (name in {"div", "section"} or not {"dir", "lang"}.isdisjoint(node.attributes)):
        name = "span" if name == "span" else "div"
        return f"{before}<{name}{attributes}>", f"</{name}>", around
    return before, "", around


def _labels(tabs: Node, around: _Around) -> Iterator[str]:
    """The labels of a set of *tabs*."""
    for child in tabs.iter():
        if _is(child, "tabbed-labels"):
            yield from ("".join(_inside(label, around)) for label in child.iter() if label.tag == "label")


def _drawing(svg: Node, around: _Around) -> str:
    """The drawing's own file in its place or, where that is not published, what it shows in words."""
    shown = (" ".join(node.text().split()) for name in ("title", "desc") if (node := svg.css_first(name)))
    words = ". ".join(text.rstrip(".") for text in shown if text)
    source = around.file_address(around.file) if around.file else None
    if source is None:
        return f"<p>{_text(words)}.</p>" if words else ""
    size = {name: value or "" for name, value in svg.attributes.items() if name in {"width", "height"}}
    return f"<img{''.join(_pair(*each) for each in {'src': source, 'alt': words, **size}.items())} />"


def _attributes(node: Node, around: _Around) -> str:
    found = []
    values = node.attributes
    for name in (*_ATTRIBUTES.get(node.tag or "", ()), *_EVERYWHERE):
        if name in values:
            value = values[name] or ""
            whole = _whole(value, around, own=name == "src") if name in {"href", "src"} else value
            if whole is not None:
                found.append(_pair(name, whole))
    return "".join(found)


def _whole(address: str, around: _Around, *, own: bool) -> str | None:
    """*address* as a whole one; None for one that must not stand in a feed."""
    if address.startswith("#"):
        return None if own else around.address + address
    try:
        whole = urljoin(around.address, address.strip())
        scheme = urlsplit(whole).scheme
    except ValueError:
        return None
    return whole if scheme in _SCHEMES and (not own or whole.startswith(around.root)) else None


def _classes(node: Node) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _is(node: Node, name: str) -> bool:
    return name in _classes(node)


def _pair(name: str, value: str) -> str:
    return f' {name}="{_text(value).replace(chr(34), "&quot;")}"'


def _text(text: str) -> str:
    return escape(text, quote=False)
