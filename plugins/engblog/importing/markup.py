"""HTML in old posts: what articles may have stays, what has an equal is translated, the rest goes with a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from engblog.html.allowed import ELEMENTS, EVERYWHERE, attributes_of, is_link, refused_classes
from engblog.html.names import ELEMENTS as KNOWN
from engblog.html.names import OLD_ELEMENTS, VOID
from engblog.importing.headings import Place, new_id
from engblog.importing.old_text import OldText, Rewrite, spans_between
from engblog.importing.remarks import Remarks
from engblog.importing.written import frame, link_to, unseen
from engblog.model.problems import quote
from engblog.source.inlines import HIDDEN, TAG, Piece, PieceKind, pieces
from engblog.source.tags import tag_pieces

_REGION = re.compile(
    r"<(?P<name>script|style|iframe|video|audio|object|svg|math|canvas|noscript|select|textarea|form|template|"
    r"embed|applet)"
    r"(?=[\s/>])(?P<attributes>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"<(?:source|embed|param|img)(?=[\s/])(?P<attributes>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>", re.IGNORECASE
)
_GIST = re.compile(r"(?:https?:)?//gist\.github\.com/[\w./-]+?(?=\.js)")
_TAGS = re.compile(r"<[^<>]*>")
_RENAMED = {
    "acronym": "abbr", "article": "section", "aside": "div", "center": "div", "dir": "ul", "footer": "div",
    "header": "div", "hgroup": "div", "listing": "pre", "main": "div", "menu": "ul", "nav": "div", "search": "div",
    "strike": "s", "tt": "code", "xmp": "pre", "h1": "h2", "fieldset": "div", "dialog": "div",
}  # fmt: skip
_UNWRAPPED = frozenset(
    {
        "big", "blink", "body", "button", "datalist", "font", "html", "label", "legend", "map", "marquee",
        "nobr", "noembed", "noframes", "noscript", "optgroup", "output", "rb", "rtc", "slot", "form", "object",
        "title", "head", "template", "select", "option", "meter", "progress",
    }
)  # fmt: skip
_REMOVED = frozenset(
    {
        "area", "base", "basefont", "bgsound", "embed", "frame", "input", "link", "meta", "param", "keygen",
        "script", "style", "iframe", "svg", "canvas", "isindex", "spacer",
    }
)  # fmt: skip
_ALIGNED = re.compile(r"text-align\s*:\s*(left|center|right)|float\s*:\s*(left|right)", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w-])(width|height)\s*:\s*(\d+)(?:px|%)?\s*(?:;|\Z)", re.IGNORECASE)
_CLOSED_BY: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}), "td": frozenset({"td", "th", "p"}), "th": frozenset({"td", "th", "p"}),
    "tr": frozenset({"tr", "td", "th", "p"}), "tbody": frozenset({"thead", "tbody", "tr", "td", "th"}),
    "thead": frozenset({"tbody", "tr", "td", "th"}), "tfoot": frozenset({"tbody", "tr", "td", "th"}),
    "dt": frozenset({"dt", "dd", "p"}), "dd": frozenset({"dt", "dd", "p"}),
    **dict.fromkeys(("p", "div", "ul", "ol", "table", "pre", "blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "dl",
                     "details", "section", "figure"), frozenset({"p"})),
}  # fmt: skip
"""Elements that a start tag closes."""
_OPTIONAL = frozenset({"p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "colgroup"})
_LOOKLESS = frozenset({"div", "span", "section", "a", "p"})


@dataclass(slots=True)
class _Open:
    """An element that is open."""

    name: str
    start: int
    end: int
    written: str
    """Its name in the article; empty if its tags are taken out."""
    block_end: int
    line: int


def translate_regions(text: OldText, remarks: Remarks) -> None:
    """Replace elements that must go with what is in them: scripts, styles, frames, players, drawings."""
    masked = text.masked()
    folded = masked.lower()
    absent: set[str] = set()
    changes: list[Rewrite] = []
    at = 0
    while found := _REGION.search(masked, at):
        name = found["name"].lower()
        at = end = found.end()
        inside = ""
        if name != "embed" and not found["attributes"].endswith("/") and name not in absent:
            close = folded.find(f"</{name}", found.end())
            if close < 0:
                absent.add(name)
            elif (closing := folded.find(">", close)) >= 0:
                inside, end = text.text[found.end() : close], closing + 1
        attributes = attributes_of(text.text[slice(*found.span("attributes"))].rstrip("/"))
        new = _region(name, attributes, inside, text.line(found.start()), remarks)
        if new is not None:
            if end == found.end() and name in {"script", "style"} and f"</{name}" not in folded[end:]:
                remarks.left(text.line(found.start()), f"<{name}> is not closed", "look at what it was meant to hold")
            changes.append(Rewrite(found.start(), end, new))
            at = end
    text.apply(changes)
    text.apply(_pre_apart(text))


def _pre_apart(text: OldText) -> Iterator[Rewrite]:
    """Blank lines around a ``<pre>`` that has some in it: otherwise the first of them ends it."""
    masked = text.masked().lower()
    for start, end in spans_between(masked, "<pre", "</pre>"):
        if "\n\n" in masked[start:end]:
            if masked[:start].strip() and not masked[:start].rstrip(" \t").endswith("\n\n"):
                yield Rewrite(start, start, "\n\n")
            if masked[end:].strip() and not masked[end:].lstrip(" \t").startswith("\n\n"):
                yield Rewrite(end, end, "\n\n")


def _region(name: str, attributes: Mapping[str, str | None], inside: str, line: int, remarks: Remarks) -> str | None:
    source = attributes.get("src") or attributes.get("data") or ""
    match name:
        case "script":
            if gist := _GIST.match(source):
                remarks.changed(line, "a gist is a link now: pages load nothing from other hosts")
                whole = gist[0] if gist[0].startswith("http") else f"https:{gist[0]}"
                return f"\n\n{link_to('Code on GitHub Gist', whole)}\n\n"
            kind = (attributes.get("type") or "").lower()
            if "json" in kind or "math/" in kind or source:
                said = quote(source or kind)
                remarks.changed(line, f"the script {said} was taken out: articles run none")
                return f"\n{unseen(inside)}\n" if "math/" in kind else ""
            remarks.left(
                line, "a script was taken out: articles run none", "if it showed something, write or draw that"
            )
            return ""
        case "style":
            remarks.changed(line, "a style sheet was taken out: looks belong to the theme")
            return ""
        case "iframe" | "object" | "embed" | "applet":
            source = source or _first_source(inside)
            if not source:
                remarks.changed(line, f"<{name}> without an address was taken out")
                return _TAGS.sub("", inside)
            remarks.changed(line, f"the frame of {quote(source)} is a link now: pages load nothing from other hosts")
            return frame(source)
        case "video" | "audio":
            source = source or _first_source(inside)
            if not source:
                remarks.left(line, f"<{name}> without an address was taken out", "link to it")
                return ""
            remarks.changed(line, f"the {name} {quote(source)} is a link now: pages have no players")
            title = attributes.get("title") or attributes.get("aria-label") or name.capitalize()
            return link_to(title, source)
        case "canvas":
            remarks.left(line, "<canvas> was taken out: only a script draws on it", "save a picture of it")
            return _TAGS.sub("", inside)
        case "svg":
            remarks.left(line, "a drawing in the text was taken out", "save it as an SVG file in the article's folder")
            return _title_of_drawing(inside)
        case "math":
            remarks.left(line, "MathML was taken out of its element", "write the formula as text, or draw it")
            return _TAGS.sub(" ", inside)
        case "select" | "textarea" | "form":
            remarks.left(line, f"<{name}> was taken out: articles have no forms", "write what it was for")
            return _TAGS.sub(" ", inside).strip() + "\n" if inside.strip() else ""
    return None


def _title_of_drawing(inside: str) -> str:
    found = re.search(r"<(title|desc)[^<>]*>([^<>]*)</\1>", inside, re.IGNORECASE)
    return escape(found[2].strip()) if found else ""


def _first_source(inside: str) -> str:
    for found in _SOURCE.finditer(inside):
        attributes = attributes_of(found["attributes"].rstrip("/"))
        name = (attributes.get("name") or "").lower()
        if source := attributes.get("src") or (attributes.get("value") if name in {"movie", "src"} else ""):
            return source
    return ""


def translate_markup(text: OldText, remarks: Remarks) -> list[Place]:
    """Bring the HTML of *text* into the form that articles may have; return the places with an id."""
    if "<" not in text.text:
        return []
    return _Cleaner(text, remarks).run()


class _Cleaner:
    def __init__(self, text: OldText, remarks: Remarks) -> None:
        self._text, self._remarks = text, remarks
        self._folded = text.text.lower()
        self._changes: list[Rewrite] = []
        self._places: list[Place] = []
        self._ids: set[str] = set()
        self._read: dict[tuple[int, int], list[Piece]] = {}
        self._starts = [0]
        for line in text.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def run(self) -> list[Place]:
        containers: list[list[_Open]] = [[]]
        spans: list[tuple[int, int]] = [(0, len(self._text.text))]
        cursor = 0
        for token in self._text.blocks.tokens:
            if token.map and token.type != "inline":
                spans.append(self._span(token))
                if token.nesting >= 0 and token.type not in {"html_block"}:
                    cursor = max(cursor, spans[-1][0]) if token.type in {"tr_open", "paragraph_open", "heading_open",
                                                                        "dt_open"} else cursor  # fmt: skip
            if token.type == "inline":
                start, end = self._span(token) if token.map else spans[-1]
                opened: list[_Open] = []
                cursor = max(cursor, start)
                wanted = [piece.text for piece in tag_pieces(token)]
                for piece in self._pieces(start, end) if wanted else ():
                    if piece.start < cursor or not wanted or piece.text != wanted[0]:
                        continue
                    wanted.pop(0)
                    cursor = piece.start + len(piece.text)
                    if piece.kind is PieceKind.TAG:
                        self._tag(piece.text, piece.start, opened, end)
                    else:
                        self._hidden(piece.text, piece.start)
                self._unclosed(opened, within_line=True)
            elif token.type == "html_block":
                self._block(token, containers[-1])
            elif token.nesting > 0:
                containers.append([])
            elif token.nesting < 0:
                self._unclosed(containers.pop(), within_line=False)
        self._unclosed(containers.pop(), within_line=False)
        self._text.apply(self._apart(change) for change in _merged(self._changes))
        return self._places

    def _apart(self, change: Rewrite) -> Rewrite:
        """*change* with a blank if it would join two marks of code."""
        text = self._text.text
        joins = not change.new and text[change.start - 1 : change.start] == "`" == text[change.end : change.end + 1]
        return change._replace(new=" ") if joins else change

    def _pieces(self, start: int, end: int) -> list[Piece]:
        """The tags in the lines from *start* to *end*."""
        if (start, end) not in self._read:
            self._read[start, end] = [
                Piece(piece.kind, piece.text, start + piece.start)
                for piece in pieces(self._text.text[start:end])
                if piece.kind in {PieceKind.TAG, PieceKind.HIDDEN}
            ]
        return self._read[start, end]

    def _span(self, token: Token) -> tuple[int, int]:
        first, last = token.map or [0, 0]
        last = min(last, len(self._starts) - 1)
        return self._starts[first], max(self._starts[last] - 1, self._starts[first])

    def _block(self, token: Token, opened: list[_Open]) -> None:
        start, end = self._span(token)
        text = self._text.text
        end = min(end, len(text))
        at = start
        is_code = 0
        while (at := text.find("<", at, end)) >= 0:
            found = TAG.match(text, at) or HIDDEN.match(text, at)
            if found is None or found.end() > end:
                if text.startswith("<!--", at):
                    self._remarks.changed(self._text.line(at), "a comment was not closed")
                    self._changes.append(Rewrite(end, end, " -->"))
                    return
                at += 1
                continue
            if found.re is TAG:
                name = (found["name"] or found["end"]).lower()
                if is_code and name != "pre":
                    at = self._in_code(found, at)
                    continue
                is_code = max(0, is_code + (1 if found["name"] else -1)) if name == "pre" else is_code
                self._tag(found[0], at, opened, end)
            else:
                self._hidden(found[0], at)
            at = found.end()
        while opened and opened[-1].name in _OPTIONAL and not self._ends_later(opened[-1].name, end):
            each = opened.pop()
            if each.written:
                self._changes.append(Rewrite(end, end, f"</{each.written}>"))

    def _ends_later(self, name: str, at: int) -> bool:
        """True if an end tag of the element *name* follows *at*, and no start tag of it before that."""
        end = self._folded.find(f"</{name}>", at)
        return end >= 0 and not any(self._folded.find(f"<{name}{mark}", at, end) >= 0 for mark in " >")

    def _in_code(self, found: re.Match[str], at: int) -> int:
        """A tag in ``<pre>``: it stays if it is one that articles may have."""
        name = (found["name"] or found["end"]).lower()
        if name not in ELEMENTS:
            self._changes.append(Rewrite(at, at + 1, "&lt;") if name not in KNOWN else Rewrite(at, found.end(), ""))
        elif found["name"]:
            new = self._attributes(name, found["attributes"] or "", self._text.line(at))
            self._changes.append(Rewrite(at, found.end(), f"<{name}{new}>"))
        return found.end()

    def _hidden(self, source: str, at: int) -> None:
        if not source.startswith("<!--"):
            self._remarks.changed(self._text.line(at), f"{quote(source)} was taken out: no page shows it")
            self._changes.append(Rewrite(at, at + len(source), ""))

    def _tag(self, source: str, at: int, opened: list[_Open], end: int) -> None:
        found = TAG.match(source)
        if found is None:
            return
        if found["end"]:
            self._end(found["end"].lower(), source, at, opened)
            return
        name, line = found["name"].lower(), self._text.line(at)
        if name not in KNOWN and name not in OLD_ELEMENTS:
            self._unknown(source, at, opened, end, line)
            return
        attributes = found["attributes"] or ""
        if name == "input":
            box = attributes_of(attributes)
            new = ("☑" if "checked" in box else "☐") if (box.get("type") or "").lower() == "checkbox" else ""
            self._remarks.changed(line, f"<input> is {new} now" if new else "<input> was taken out")
            self._changes.append(Rewrite(at, at + len(source), new))
            return
        if name in _REMOVED:
            self._remarks.changed(line, f"<{name}> was taken out: articles have none")
            self._changes.append(Rewrite(at, at + len(source), ""))
            return
        written = "" if name in _UNWRAPPED else _RENAMED.get(name, name)
        if written not in ELEMENTS:
            written = ""
        for each in [*reversed(opened)]:
            if each.name not in _CLOSED_BY.get(name, frozenset()):
                break
            opened.remove(each)
            if each.written:
                self._changes.append(Rewrite(at, at, f"</{each.written}>"))
        if not written:
            self._remarks.changed(line, f"the tags of <{name}> were taken out; its content stays")
            self._changes.append(Rewrite(at, at + len(source), ""))
            if name not in VOID:
                opened.append(_Open(name, at, at + len(source), "", end, line))
            return
        if written != name:
            self._remarks.changed(line, f"<{name}> is <{written}> now")
        new = self._attributes(written, attributes, line, was=name)
        is_void = written in VOID
        if name == "source" and not any(each.name in {"picture", "video", "audio"} for each in opened):
            self._changes.append(Rewrite(at, at + len(source), ""))
            return
        tag = f"<{written}{new}>"
        if found["empty"] and not is_void:
            self._remarks.changed(line, f"{quote(source)} was not closed")
            self._changes.append(Rewrite(at, at + len(source), f"{tag}</{written}>"))
            return
        if written != name or new != attributes.rstrip():
            self._changes.append(Rewrite(at, at + len(source), tag))
        if not is_void:
            opened.append(_Open(name, at, at + len(source), written, end, line))

    def _unknown(self, source: str, at: int, opened: list[_Open], end: int, line: int) -> None:
        found = TAG.match(source)
        name = (found["name"] if found else "").lower()
        closed = f"</{name}" in self._text.text[at:end].lower()
        if found and ("-" in name or closed):
            message = f"the element {quote(source)} has no equal here; its content stays"
            self._remarks.left(line, message, "look at the old page, and write what it showed")
            self._changes.append(Rewrite(at, at + len(source), ""))
            if not found["empty"]:
                opened.append(_Open(name, at, at + len(source), "", end, line))
            return
        self._remarks.changed(line, f"{quote(source)} is shown as text now: HTML has no such element")
        self._changes.append(Rewrite(at, at + 1, "&lt;"))

    def _end(self, name: str, source: str, at: int, opened: list[_Open]) -> None:
        if name in VOID or name in _REMOVED or all(each.name != name for each in opened):
            if name == "br":
                self._changes.append(Rewrite(at, at + len(source), "<br>"))
                return
            self._remarks.changed(self._text.line(at), f"{quote(source)} closed nothing, and was taken out")
            self._changes.append(Rewrite(at, at + len(source), ""))
            return
        while True:
            each = opened.pop()
            if each.name == name:
                break
            if each.written:
                self._changes.append(Rewrite(at, at, f"</{each.written}>"))
                if each.name not in _OPTIONAL:
                    self._remarks.changed(each.line, f"<{each.name}> was not closed where it was opened")
        if each.written != name:
            self._changes.append(Rewrite(at, at + len(source), f"</{each.written}>" if each.written else ""))

    def _unclosed(self, opened: list[_Open], *, within_line: bool) -> None:
        for each in reversed(opened):
            if not each.written:
                continue
            if each.name in _OPTIONAL or not (within_line or each.written in _LOOKLESS):
                self._changes.append(Rewrite(each.block_end, each.block_end, f"</{each.written}>"))
                if each.name not in _OPTIONAL:
                    self._remarks.changed(each.line, f"<{each.name}> was not closed")
                continue
            self._remarks.changed(each.line, f"<{each.name}>, which was not closed, was taken out")
            before = next((i for i, change in enumerate(self._changes) if change.start == each.start), None)
            tag = self._changes.pop(before).new if before is not None else self._text.text[each.start : each.end]
            has_id = " id=" in tag
            self._changes.append(Rewrite(each.start, each.end, f"{tag}</{each.written}>" if has_id else ""))

    def _attributes(self, name: str, text: str, line: int, was: str = "") -> str:
        """*text*, the attributes of an element, without those that articles may not have."""
        given = attributes_of(text) if text.strip() else {}
        own = ELEMENTS[name] | EVERYWHERE
        kept: dict[str, str | None] = {}
        lost: list[str] = []
        classes: list[str] = ["align-center"] if was == "center" else []
        for key, given_value in given.items():
            value = given_value or ""
            if key == "class":
                fit = [each for each in value.split() if not any(refused_classes([each]))]
                classes += fit
                lost += [f"class {quote(each)}" for each in value.split() if each not in fit]
            elif key in {"id", "name"} and (key == "id" or name == "a"):
                made = new_id(value)
                if made and made not in self._ids and "id" not in kept:
                    self._ids.add(made)
                    self._places.append(Place(value, made, ""))
                    kept["id"] = made
                elif key == "id":
                    lost.append("id")
            elif key == "align" and value.lower() in {"left", "center", "right"}:
                classes.append(f"align-{value.lower()}")
            elif key == "style":
                classes += [f"align-{(side[1] or side[2]).lower()}" for side in _ALIGNED.finditer(value)]
                if name in {"img", "video"}:
                    for size in _SIZE.finditer(value):
                        if "%" not in size[0]:
                            kept.setdefault(size[1].lower(), size[2])
                lost.append("style")
            elif key == "href" and not is_link(value):
                lost.append(f"href {quote(value)}")
            elif key in own and key != "markdown":
                kept[key] = given_value
            elif key == "markdown":
                kept[key] = "1" if value in {"", "1", "block", "span", "markdown"} else value
            else:
                lost.append(key)
        if classes:
            kept["class"] = " ".join(dict.fromkeys(classes))
        if name == "img" and "alt" not in kept:
            kept["alt"] = str(kept.get("title") or "")
        for each in lost:
            self._remarks.changed(line, f"{each} of <{was or name}> was taken out")
        if not lost and kept == given and "'" not in text:
            return text.rstrip()
        return "".join(
            f" {key}" if value is None else f' {key}="{escape(value, quote=True)}"' for key, value in kept.items()
        )


def _merged(changes: list[Rewrite]) -> Iterator[Rewrite]:
    """*changes* with what is inserted at one place in the order in which it was noted, before what replaces it."""
    inserted: dict[int, str] = {}
    for change in changes:
        if change.start == change.end:
            inserted[change.start] = inserted.get(change.start, "") + change.new
    for change in changes:
        if change.start != change.end:
            yield Rewrite(change.start, change.end, inserted.pop(change.start, "") + change.new)
    for at, new in inserted.items():
        yield Rewrite(at, at, new)
