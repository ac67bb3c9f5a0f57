"""An article's body made fit for a feed reader, which has neither our style sheet nor our address.

What comes out is well-formed, of plain elements alone, and leads or loads nowhere by a relative address. A body is read
as a row of tags and texts, each seen once, and is written anew; nothing of its markup passes that is not named here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from engblog.html.tags import attributes
from engblog.model.text import xml_safe

FileAddress = Callable[[str], str | None]
"""From the name by which a text sets a file in, to the file's whole address; None for one that is not published."""

# At most 100 quoted values in a tag, so that a page of unclosed quotes does not take the square of its length.
_TOKEN = re.compile(
    r"<span class=\"\w{1,3}\">(?P<word>[^<]*+)</span>"  # a word of highlighted code: most of an article's tags
    r"|<(?P<end>/)?(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)(?P<attributes>[^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+){0,100}+)>"
    r"|<!--|<[!?][^<>]*>"
)
_SPEAKING = re.compile(r"\b(?:filename|lang|dir)\b", re.IGNORECASE)
"""What the attributes of a span must have for it to mean anything here."""

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_DROPPED = frozenset(
    {
        "button", "canvas", "embed", "form", "head", "iframe", "math", "noscript", "object", "script", "select",
        "style", "svg", "template", "textarea", "title",
    }
)  # fmt: skip
"""Elements that go with all that is in them."""
_KEPT = frozenset(
    {
        "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details",
        "dfn", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
        "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "video",
        "wbr"
    }
)  # fmt: skip
"""Elements that stay; of any other, what is in it stays."""
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
    """*body*, rendered HTML, for a reader elsewhere.

    *address* is the whole address of its page and *root* that of its site: a picture or a film from anywhere else is
    left out. Takes time in proportion to the length of *body*.
    """
    writer = _Writer(address, root, file_address)
    for token in _tokens(body):
        writer.write(token)
    return writer.finish()


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    closes: bool = False
    empty: bool = False
    """Whether it ends with ``/>``, which counts in drawings alone."""

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


def _tokens(html: str) -> Iterator[_Tag | str]:
    """Tags, and between them text without references. A span that says nothing is left out: most tags of highlighted
    code are such."""
    texts: list[str] = []
    spans: list[bool] = []  # of each span that is open, whether it is told of
    start, comments_end = 0, True
    for found in _TOKEN.finditer(html):
        if found.start() < start:
            continue  # in a comment
        word, end, name, inside = found.groups()
        if word is not None:
            texts += (html[start : found.start()], word)
            start = found.end()
            continue
        if name is None and found[0] == "<!--":
            close = html.find("-->", found.end()) if comments_end else -1
            comments_end = close >= 0  # looked for once: a page of open comments takes no longer
            if not comments_end:
                continue
            texts.append(html[start : found.start()])
            start = close + 3
            continue
        texts.append(html[start : found.start()])
        start = found.end()
        if name is None:
            continue
        if name == "span":
            if not end:
                spans.append(_SPEAKING.search(inside) is not None)
                if not spans[-1]:
                    continue
            elif not spans or not spans.pop():
                continue
        if text := "".join(texts):
            yield unescape(text) if "&" in text else text
        texts.clear()
        yield _Tag(name.lower(), attributes(inside), closes=bool(end), empty=inside.endswith("/"))
    if text := "".join([*texts, html[start:]]):
        yield unescape(text)


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    end: str
    """What is written where it ends."""
    at_end: Callable[[], None] | None = None


@dataclass(slots=True)
class _Picture:
    """A diagram in the page, whose place its own file takes."""

    words: dict[str, str] = field(default_factory=lambda: {"title": "", "desc": ""})
    size: dict[str, str] = field(default_factory=dict)
    within: str = ""


class _Writer:
    def __init__(self, address: str, root: str, file_address: FileAddress) -> None:
        self._address, self._root, self._file_address = address, root, file_address
        self._out: list[str] = []
        self._open: list[_Open] = []
        self._count: Counter[str] = Counter()
        self._labels: list[list[str]] = []
        """Of each set of tabs that is open: the labels whose text is still to come."""
        self._labelling = False
        self._language = ""
        self._file = ""
        self._dropping: tuple[str, int] | None = None
        """The element that is left out, and how many of its name are open."""
        self._picture: _Picture | None = None

    def write(self, token: _Tag | str) -> None:
        if self._dropping is not None:
            self._drop(token)
        elif isinstance(token, str):
            self._out.append(_text(token))
        elif token.closes:
            self._end(token.name)
        else:
            self._start(token)

    def finish(self) -> str:
        """All that was written, with what is still open closed."""
        if self._picture is not None:
            self._set_picture()
        while self._open:
            self._close()
        return xml_safe("".join(self._out)).strip()

    def _start(self, tag: _Tag) -> None:
        name, classes = tag.name, tag.classes
        if name in _DROPPED or "headerlink" in classes:
            over = name in _VOID or (tag.empty and name in {"svg", "math"})
            self._dropping = None if over else (name, 1)
            if name == "svg" and not over:
                size = {key: value for key, value in tag.attributes.items() if key in {"width", "height"}}
                self._picture = _Picture(size=size)
        elif name in _VOID:
            self._void(tag)
        else:
            self._open.append(self._opened(tag, classes))
            self._count[name] += 1

    def _opened(self, tag: _Tag, classes: list[str]) -> _Open:
        """Write the start of an element."""
        name = tag.name
        if "figure-scroll" in classes:
            self._file = tag.attributes.get("data-file", "")
        elif "highlight" in classes:
            self._language = next((each for each in classes if each.startswith("language-")), "")
        elif "filename" in classes:
            return self._as(name, "<p><em>", "</em></p>\n")
        elif "admonition" in classes:
            return self._as(name, "<blockquote>", "</blockquote>")
        elif "admonition-title" in classes:
            return self._as(name, "<p><strong>", "</strong></p>")
        elif "tabbed-set" in classes:
            self._labels.append([])
            return _Open(name, "", self._forget_labels)
        elif "tabbed-labels" in classes:
            self._labelling = True
            return _Open(name, "", self._stop_labelling)
        elif name == "label" and self._labelling:
            return _Open(name, "", self._label_from(len(self._out)))
        elif "tabbed-block" in classes and self._labels and self._labels[-1]:
            self._out.append(f"<p><strong>{self._labels[-1].pop(0)}</strong></p>\n")
        elif "measured" in classes:
            return _Open(name, "")  # a link on each number would be all that a reader sees
        elif "claim" in classes:
            return self._as(name, f"\N{NO-BREAK SPACE}<a{self._attributes(tag)}>✓", "</a>")
        if name not in _KEPT or (name == "a" and "href" not in tag.attributes):
            return self._plain(tag)
        kind = ""
        if name == "code" and self._language and self._count["pre"]:
            kind, self._language = f' class="{_attribute(self._language)}"', ""
        return self._as(name, f"<{name}{kind}{self._attributes(tag)}>", f"</{name}>")

    def _plain(self, tag: _Tag) -> _Open:
        """An element without meaning of its own: its inside, and the direction or the language of that."""
        if tag.name in {"div", "section"} or "dir" in tag.attributes or "lang" in tag.attributes:
            name = "span" if tag.name == "span" else "div"
            if attributes := self._attributes(tag):
                return self._as(tag.name, f"<{name}{attributes}>", f"</{name}>")
        return _Open(tag.name, "")

    def _as(self, name: str, start: str, end: str) -> _Open:
        self._out.append(start)
        return _Open(name, end)

    def _void(self, tag: _Tag) -> None:
        if tag.name == "input":
            if tag.attributes.get("type") == "checkbox":
                self._out.append("☑" if "checked" in tag.attributes else "☐")
        elif tag.name == "img":
            attributes = self._attributes(tag)
            self._out.append(f"<img{attributes} />" if " src=" in attributes else _text(tag.attributes.get("alt", "")))
        elif tag.name in _KEPT:
            self._out.append(f"<{tag.name} />")

    def _end(self, name: str) -> None:
        if self._count[name]:
            while self._close() != name:
                pass

    def _close(self) -> str:
        last = self._open.pop()
        self._count[last.name] -= 1
        self._out.append(last.end)
        if last.at_end is not None:
            last.at_end()
        return last.name

    def _drop(self, token: _Tag | str) -> None:
        """Leave *token* out, but for the words of a diagram."""
        name, depth = self._dropping or ("", 0)
        if isinstance(token, str):
            if self._picture is not None and self._picture.within:
                self._picture.words[self._picture.within] += token
            return
        if self._picture is not None:
            first = token.name in self._picture.words and not self._picture.words[token.name]
            self._picture.within = token.name if first and not token.closes else ""
        if token.name == name:
            depth += -1 if token.closes else 1
            self._dropping = (name, depth) if depth else None
            if not depth and self._picture is not None:
                self._set_picture()

    def _set_picture(self) -> None:
        """Write the diagram's own file in its place or, where that is not published, what it shows in words."""
        picture, self._picture = self._picture or _Picture(), None
        words = ". ".join(text.rstrip(".") for each in picture.words.values() if (text := " ".join(each.split())))
        source, self._file = self._file_address(self._file) if self._file else None, ""
        if source is not None:
            kept = {"src": source, "alt": words, **picture.size}
            self._out.append(f"<img{''.join(_pair(*each) for each in kept.items())} />")
        elif words:
            self._out.append(f"<p>{_text(words)}.</p>")

    def _label_from(self, start: int) -> Callable[[], None]:
        def take() -> None:
            label = "".join(self._out[start:])
            del self._out[start:]
            if self._labels:
                self._labels[-1].append(label)

        return take

    def _stop_labelling(self) -> None:
        self._labelling = False

    def _forget_labels(self) -> None:
        self._labels.pop()

    def _attributes(self, tag: _Tag) -> str:
        found = []
        for name in (*_ATTRIBUTES.get(tag.name, ()), *_EVERYWHERE):
            value = tag.attributes.get(name)
            if value is not None and name in {"href", "src"}:
                value = self._whole(value, own=name == "src")
            if value is not None:
                found.append(_pair(name, value))
        return "".join(found)

    def _whole(self, address: str, *, own: bool) -> str | None:
        """*address* as a whole one; None for one that must not stand in a feed."""
        if address.startswith("#"):
            return None if own else self._address + address
        try:
            whole = urljoin(self._address, address.strip())
            scheme = urlsplit(whole).scheme
        except ValueError:
            return None
        return whole if scheme in _SCHEMES and (not own or whole.startswith(self._root)) else None


def _pair(name: str, value: str) -> str:
    return f' {name}="{_attribute(value)}"'


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;")
