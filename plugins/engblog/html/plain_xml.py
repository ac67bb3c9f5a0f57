"""XML that only programs read, such as feeds: no browser that opens it finds anything to run or to load."""

from __future__ import annotations

from collections.abc import Collection
from xml.parsers import expat

NAMESPACES = frozenset(
    {
        "",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://www.google.com/schemas/sitemap-image/1.1",
        "http://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.w3.org/2005/Atom",
    }
)
"""Namespaces of feeds and sitemaps, whose elements mean nothing to a browser."""


class _FoundError(Exception):
    """The rest of the file is not read."""


def plain_xml_fault(data: bytes, sheets: Collection[str] = ()) -> str:
    """The first thing in the XML file with the bytes *data* that is more than data, in words that follow "it"; empty if
    there is none. It may name one of *sheets*, addresses of style sheets, as its own."""
    found: list[str] = []
    reader = expat.ParserCreate("utf-8", " ")
    reader.namespace_prefixes = False

    def note(said: str) -> None:
        found.append(said)
        raise _FoundError

    def declaration(version: str, encoding: str | None, _: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            note("is not UTF-8")

    def instruction(target: str, text: str) -> None:
        if not any(text.endswith(f'href="{each}"') and text.count("href") == 1 for each in sheets):
            note(f"has an instruction <?{target[:40]}?>")

    def element(name: str, _: object) -> None:
        space, _, local = name.rpartition(" ")
        if space not in NAMESPACES:
            note(f"has an element <{local[:60]}> of the namespace {space[:80]}")

    reader.XmlDeclHandler = declaration
    reader.StartDoctypeDeclHandler = lambda *_: note("has a DOCTYPE")
    reader.ProcessingInstructionHandler = instruction
    reader.StartElementHandler = element
    try:
        if b"\0" in data:  # the parser would take it for UTF-16, whatever it is told
            return "is not UTF-8"
        data.decode("utf-8")
        reader.Parse(data, True)
    except _FoundError:
        return found[0]
    except UnicodeDecodeError:
        return "is not UTF-8"
    except expat.ExpatError as error:
        return f"is not XML: {expat.ErrorString(error.code)}"
    return ""
