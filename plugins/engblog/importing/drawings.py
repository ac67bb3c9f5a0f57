"""Drawings as other programs save them, without what a site must not publish in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engblog.html.drawing import drawing_faults
from engblog.html.drawing_names import ELEMENTS, REFERRING, VALUES, WORDS

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_LONGEST = 4_000_000
_OWN = re.compile(r"#[^\s\"'()<>\\]+")
_URL = re.compile(r"url\((?!\s*['\"]?#)", re.IGNORECASE)
_AT_RULE = re.compile(
    r"@(?:import|charset|namespace)[^;{}@]*+;"
    r"|@(?:font-face|media|keyframes|-webkit-keyframes)[^{}@]*+\{(?:[^{}]|\{[^{}]*+\})*+\}"
)
_DIRECTED = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f]")


def plain_drawing(data: bytes) -> tuple[bytes | None, list[str]]:
    """The drawing *data* as a site may publish it, and what was taken out of it; None, and the reasons, if nothing
    helps."""
    if not drawing_faults(data):
        return data, []
    if len(data) > _LONGEST:
        return None, ["it is too large"]
    reader = _Plain()
    try:
        reader.read(data)
    except (expat.ExpatError, LookupError, ValueError) as error:
        return None, [str(error)]
    cleaned = "".join(reader.out).encode()
    faults = drawing_faults(cleaned)
    if faults:
        return None, [faults[0].message]
    if reader.missed:
        return None, [f"it has {', '.join(sorted(reader.missed))}, which would be missing"]
    return cleaned, [f"taken out of the drawing: {', '.join(sorted(reader.lost))}"] if reader.lost else []


_SEEN = frozenset({"image", "foreignObject"})
"""Elements that a reader may miss."""
_KEPT_INSIDE = frozenset({"a", "switch"})
"""Elements of which only the tags are taken out."""


class _Plain:
    """Writes what is allowed of a drawing."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lost: set[str] = set()
        self.missed: set[str] = set()
        self._skipped = 0
        self._open: list[str] = []
        self._style: list[str] | None = None

    def read(self, data: bytes) -> None:
        text = data.decode("utf-8-sig") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.decode("utf-16")
        text = re.sub(r"^\s*<\?xml[^<>]*\?>", "", text)
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = lambda *_: self.lost.add("the DOCTYPE")
        parser.EntityDeclHandler = self._entity
        parser.Parse(text.encode(), True)

    def _entity(self, *_: object) -> None:
        raise ValueError("it declares entities")

    def _start(self, name: str, listed: list[str]) -> None:
        space, _, local = name.rpartition(" ")
        if self._skipped or (space not in {"", _SVG}) or local not in ELEMENTS:
            if not self._skipped and local in _KEPT_INSIDE:
                self._open.append("")
                self.lost.add(f"<{local}>")
                return
            if not self._skipped:
                is_seen = local in _SEEN and space in {"", _SVG} and "" not in self._open[-1:]
                (self.missed if is_seen else self.lost).add(f"<{local}>")
            self._skipped += 1
            return
        attributes: dict[str, str] = {"xmlns": _SVG} if not self._open else {}
        looks: dict[str, str] = {}
        for key, value in zip(listed[::2], listed[1::2], strict=True):
            owner, _, own = key.rpartition(" ")
            if own == "style" and not owner:
                pairs = (each.partition(":") for each in value.split(";"))
                looks = {name.strip(): look.strip() for name, colon, look in pairs if colon}
            elif own == "href" and owner in {"", _XLINK} and _OWN.fullmatch(value) and local in REFERRING:
                attributes["href"] = value
            elif not owner and own in WORDS | VALUES and not _URL.search(value):
                attributes[own] = value
            elif owner == _XML and own == "space":
                attributes["xml:space"] = value
            else:
                self.lost.add(own if not owner else "attributes of other programs")
        for key, value in looks.items():
            if key in VALUES and not _URL.search(value):
                attributes[key] = value
            else:
                self.lost.add(f"style {key}")
        self.out.append(f"<{local}{_written(attributes)}>")
        self._open.append(local)
        self._style = [] if local == "style" else self._style

    def _end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        local = self._open.pop()
        if local == "style" and self._style is not None:
            css = "".join(self._style)
            plain = _AT_RULE.sub("", css)
            if plain != css:
                self.lost.add("@ rules of its style sheet")
            self.out.append(escape(plain))
            self._style = None
        if local:
            self.out.append(f"</{local}>")

    def _text(self, text: str) -> None:
        if self._skipped:
            return
        if self._style is not None:
            self._style.append(text)
        else:
            self.out.append(escape(_DIRECTED.sub("", text)))


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
