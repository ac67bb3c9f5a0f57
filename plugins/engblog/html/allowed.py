"""The HTML that authors may write: the one list that the check of the sources, the second look and the contract share.

Everything else is refused, whether or not somebody knows what it could do. An element or an attribute is here because a
text needs it and because it cannot run, load from another host, send a reader away, cover or lock a part of the page,
look like a mark of proof, or take a name that the theme's scripts look for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engblog.html.names import PROPERTIES
from engblog.html.tree import HtmlTree
from engblog.model.problems import Code, quote

EVERYWHERE = frozenset({"class", "dir", "id", "lang", "markdown", "title"})
"""Attributes of every element; ``markdown`` is the renderer's and on no page."""
ELEMENTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "abbr", "address", "b", "bdi", "bdo", "br", "caption", "cite", "code", "dd", "dfn", "div", "dl", "dt", "em",
            "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "mark", "p", "pre", "rp",
            "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
            "tfoot", "thead", "tr", "u", "ul", "var", "wbr",
        ),
        frozenset[str](),
    ),
    "a": frozenset({"download", "href", "hreflang"}),
    "audio": frozenset({"controls", "loop", "muted", "preload", "src"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"alt", "decoding", "height", "loading", "sizes", "src", "srcset", "width"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "picture": frozenset(),
    "q": frozenset({"cite"}),
    "source": frozenset({"height", "media", "sizes", "src", "srcset", "type", "width"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"abbr", "colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "track": frozenset({"default", "kind", "label", "src", "srclang"}),
    "video": frozenset(
        {"controls", "height", "loop", "muted", "playsinline", "poster", "preload", "src", "width"}
    ),
}  # fmt: skip
"""Elements that authors may write, with the attributes that each may have besides those of every element."""

BOXES = frozenset(
    {
        "abstract", "attention", "bug", "caution", "check", "cite", "danger", "done", "error", "example", "fail",
        "failure", "faq", "help", "hint", "important", "info", "missing", "note", "question", "quote", "seealso",
        "success", "summary", "tip", "tldr", "todo", "warning",
    }
)  # fmt: skip
"""Kinds of boxes and folds: ``!!! note``."""
BOX_MODIFIERS = frozenset({"inline", "end", "annotate"})
"""Words that may follow the kind of a box."""
_CLASS = re.compile(r"align-(?:left|center|right)|language-[\w#+.-]+")
CLASSES = BOXES | {"admonition", "admonition-title"}
"""Classes that authors may give an element, with those that :data:`_CLASS` describes."""
PROOFS = frozenset({"claim", "measured", "message", "verified", "chart", "diagram"})
"""Classes of the marks and figures that only a lab's record makes."""

ADDRESSES = frozenset({"cite", "href", "poster", "src", "srcset"})
"""Attributes that have addresses."""
LOADED = frozenset({"poster", "src", "srcset"})
"""Attributes whose address a browser asks for by itself."""
_SCHEMES = frozenset({"ftp", "http", "https", "mailto", "tel", "xmpp"})
"""Schemes of links."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*+:")
_BLANK = re.compile(r"[\x00-\x20]++")
_ID = re.compile(r"[a-z0-9]++(?:-[a-z0-9]++)*+")
_TAKEN = re.compile(r"(?:claim|number|chart|fig|file|page|search|saved|run|fn|fnref)(?:-|$)")
"""Ids that the theme and the renderer give, or the start of such."""
HINT = "articles are Markdown; show code in a fence, or the element's name in `backticks`"
_ATTRIBUTE_HINT = "the page's security policy and its theme forbid it; use plain Markdown or a box: !!! note"


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of an element that authors may not write."""

    code: Code
    message: str
    """In the words of a problem: ``the attribute style of <p> is not allowed in articles``."""
    hint: str
    sought: str = ""
    """The text by which its place is found in a source: a name or a value as an author writes it."""


def refused_element(name: str) -> Refused | None:
    """The problem with the element *name*, in lower case; None if authors may write it."""
    if name in ELEMENTS:
        return None
    return Refused(Code.R007_RAW_HTML, f"the element <{name}> is not allowed in articles", HINT, f"<{name}")


def refused_attributes(name: str, attributes: Mapping[str, str | None]) -> Iterator[Refused]:
    """The problems with the *attributes* of the element *name*, as a browser reads them; an empty name means any
    element, as in an attribute list of Markdown."""
    of = f" of <{name}>" if name else ""
    own = ELEMENTS.get(name, frozenset()) if name else frozenset().union(*ELEMENTS.values())
    for attribute, given in attributes.items():
        value = given or ""
        if attribute not in own and attribute not in EVERYWHERE:
            message = f"the attribute {_named(attribute)}{of} is not allowed in articles"
            yield Refused(Code.R007_RAW_HTML, message, _ATTRIBUTE_HINT, attribute)
        elif attribute == "class":
            yield from refused_classes(value.split(), of)
        elif attribute == "id":
            yield from _refused_id(value, of)
        elif attribute in ADDRESSES:
            yield from refused_address(name, attribute, value)


def refused_classes(classes: list[str], of: str = "") -> Iterator[Refused]:
    """The problems with *classes*; *of* says of which element."""
    for each in classes:
        if each in PROOFS:
            message = f"the class {quote(each)}{of} is a mark of proof, which nobody writes by hand"
            yield Refused(Code.R026_PROOF, message, "write {claim:test_name}, {lab:key} or ![…](chart:key)", each)
        elif each not in CLASSES and not _CLASS.fullmatch(each):
            message = f"the class {quote(each)}{of} is not for authors"
            hint = "delete it; a box is !!! note or ??? note, and a column's colons align it"
            yield Refused(Code.R024_CLASS, message, hint, each)


def _refused_id(value: str, of: str) -> Iterator[Refused]:
    if not _ID.fullmatch(value):
        hint = "use lower-case letters, digits and single hyphens: {#the-second-write}"
        yield Refused(Code.R025_ID, f"the id {quote(value)}{of} is not the name of a place", hint, value)
    elif _TAKEN.match(value) or value in PROPERTIES:
        message = f"the id {quote(value)}{of} is a name that the page or browsers use"
        yield Refused(Code.R025_ID, message, "use two words: {#the-second-write}", value)


def refused_address(name: str, attribute: str, value: str) -> Iterator[Refused]:
    """The problem with *value*, the *attribute* of the element *name*, which has an address or several."""
    of = f" of <{name}>" if name else ""
    for each in value.split(",") if attribute == "srcset" else [value]:
        if attribute in LOADED and is_remote(each):
            is_file = _bare(each).lower().startswith(("http", "/", "\\"))
            message = f"{quote(_bare(each))} is {'on another host' if is_file else 'not a file of the site'}"
            hint = "put the file into the article's folder: pages load files only from this site"
            yield Refused(Code.R002_REMOTE, message, hint, value)
        elif attribute not in LOADED and not is_link(each):
            message = f"the address {quote(_bare(each))}{of} is not a link"
            yield Refused(Code.R007_RAW_HTML, message, "link to a page, with https:// or by the path of a file", value)


def is_link(address: str) -> bool:
    """True if a reader can follow *address*: it has no scheme, or one that leads to a page or a person."""
    scheme = _SCHEME.match(_bare(address).lower())
    return scheme is None or scheme[0][:-1] in _SCHEMES


def is_remote(address: str) -> bool:
    """True if a browser would not ask this site for *address*."""
    bare = _bare(address).replace("\\", "/").lower()
    return bare.startswith("//") or _SCHEME.match(bare) is not None


def _bare(address: str) -> str:
    """*address* as browsers read it."""
    return _BLANK.sub("", address)


def _named(attribute: str) -> str:
    return attribute if re.fullmatch(r"[a-z][a-z0-9:-]{0,40}", attribute) else quote(attribute, 40)


def attributes_of(text: str) -> Mapping[str, str | None]:
    """The attributes in *text*, the part of a tag behind its name, as a browser reads them."""
    for _, node in HtmlTree(f"<x-y {text}>", fragment=True).elements():
        return node.attributes
    return {}
