"""Everything that a build writes, format by format: what authors wrote is text in it, written once and not twice.

The stress site's titles, names, tags, descriptions and corrections are hostile. Each file is read as its format is
read; a format that nobody reads here fails, so that a new kind of file brings its reader with it.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import PurePosixPath
from xml.etree import ElementTree

import pytest

from browser.documents import INLINE, is_import_map, is_speculation_rules
from browser.stress import PAGES
from browser.stress_text import (
    HOSTILE_CATEGORY,
    HOSTILE_SUBCATEGORY,
    HOSTILE_TAG,
    HOSTILE_TITLE,
    SITE_NAME,
)
from tools.pages import BuiltSite

_ACTIVE = frozenset({"iframe", "object", "embed", "base", "form", "style", "math", "foreignobject", "animate", "set"})
_UNUSED = frozenset({"b", "i", "u"})
"""Elements that hostile texts have and that neither our templates nor our Markdown ever write."""

_ENTITY = re.compile(r"&(?:amp;)*(?:amp|lt|gt|quot|#0?39|#34|#x27);")
_MEANT = ("</b> &amp; {{", "an entity, &lt;, that stays")
"""Entities that an author wrote to be read as they are: in HOSTILE_TITLE and HOSTILE_DESCRIPTION."""

_MARKUP_IN_XML = frozenset({"description", "encoded", "content", "summary"})
_MARKUP_IN_JSON = frozenset({"content_html"})
"""What feed readers take for HTML."""

_XML_NAMES = {
    "": "rss channel item title link description pubDate lastBuildDate managingEditor webMaster language category "
    "author generator ttl image url source guid enclosure comments copyright docs height width opml head body outline "
    "dateCreated dateModified ownerName ownerEmail",
    "http://www.w3.org/2005/Atom": "feed entry id title link author name uri email updated published content summary "
    "category generator subtitle icon logo rights contributor",
    "http://purl.org/dc/elements/1.1/": "creator date subject",
    "http://purl.org/rss/1.0/modules/content/": "encoded",
    "http://search.yahoo.com/mrss/": "content description",
    "http://www.w3.org/1999/xhtml": "div meta p h1 code a ol li time",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "urlset url loc lastmod",
}
"""The elements of feeds, of OPML and of the site map; markup that escaped from a text is none of them."""

Found = Iterator[str]


def _twice(text: str) -> str:
    """The first entity in *text*, which was decoded as its format asks, so that it should have none."""
    for meant in _MEANT:
        text = text.replace(meant, "")
    found = _ENTITY.search(text)
    return found[0] if found else ""


class _Page(HTMLParser):
    """What a browser would act on in HTML, and text that was escaped twice."""

    def __init__(self, scripts: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._scripts = scripts
        self._script: dict[str, str | None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE | _UNUSED:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"{name}={value}")
            if (value or "").strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f"{name}={value}")
            if _twice(value or ""):
                self.found.append(f"escaped twice: {name}={value}")
        if tag == "script":
            self._script, self._text = dict(attrs), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self._judge(self._script, self._text)
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._text += data
        elif found := _twice(data):
            self.found.append(f"escaped twice: {found} in {data!r}")

    def _judge(self, attributes: Mapping[str, str | None], text: str) -> None:
        if attributes.get("type") == "application/ld+json":
            self.found += in_json(text.encode())
        elif is_import_map(attributes, text) or is_speculation_rules(attributes, text):
            pass
        elif text not in self._scripts and not (text == "" and "assets/js/" in (attributes.get("src") or "")):
            self.found.append(f"<script {dict(attributes)}>{text}")


def in_html(data: bytes, scripts: tuple[str, ...] = (INLINE,)) -> Found:
    """What acts, or was escaped twice, in a page."""
    page = _Page(scripts)
    page.feed(data.decode("utf-8"))
    page.close()
    yield from page.found


def in_markup(text: str) -> Found:
    """The same in a part of a page, where no script may stand."""
    yield from in_html(text.encode(), ())


def in_xml(data: bytes) -> Found:
    """Elements that are none of the format's, and what acts in the texts that readers take for HTML."""
    for element in ElementTree.fromstring(data).iter():  # noqa: S314  (we wrote it)
        space, _, name = element.tag.rpartition("}")
        if name not in _XML_NAMES.get(space.removeprefix("{"), "").split():
            yield f"<{element.tag}>"
        text = element.text or ""
        if name in _MARKUP_IN_XML and element.get("type", "text" if space.endswith("/Atom") else "html") == "html":
            yield from in_markup(text)
        elif _twice(text):
            yield f"escaped twice: <{name}>{text}"
        yield from (f"escaped twice: {key}={value}" for key, value in element.attrib.items() if _twice(value))


def in_json(data: bytes) -> Found:
    """What acts in the texts that readers take for HTML, and other texts that were escaped."""
    yield from _in_value("", json.loads(data))


def _in_value(key: str, value: object) -> Found:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _in_value(name, each)
    elif isinstance(value, list):
        for each in value:
            yield from _in_value(key, each)
    elif isinstance(value, str):
        if key in _MARKUP_IN_JSON:
            yield from in_markup(value)
        elif _twice(value):
            yield f"escaped twice: {key}: {value}"


def in_drawing(data: bytes) -> Found:
    """What acts in an SVG that is a file."""
    for element in ElementTree.fromstring(data).iter():  # noqa: S314  (we wrote it)
        name = element.tag.rpartition("}")[2].lower()
        if name in (_ACTIVE - {"style"}) | {"script", "a", "handler", "image"} or any(
            key.startswith("on") for key in element.attrib
        ):
            yield f"<{element.tag} {element.attrib}>"


def in_text(data: bytes) -> Found:
    """Bytes that are no text."""
    text = data.decode("utf-8")
    yield from (f"a control character: {found!r}" for found in re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text))


def in_code(data: bytes) -> Found:
    """Words of an author in what browsers run or style with."""
    text = data.decode("utf-8")
    yield from (f"an author's words: {words}" for words in ("alert(1)", "O'Tables", "onerror=alert") if words in text)


def in_compressed(data: bytes) -> Found:
    """The site map, once more."""
    yield from in_xml(gzip.decompress(data))


def in_numbers(data: bytes) -> Found:
    """Binary files: decoders read them, and no parser of markup or scripts."""
    if not data:
        yield "nothing"


def in_archive(data: bytes) -> Found:
    """What is wrong with the files that a lab's archive adds to the lab's own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            suffix = PurePosixPath(name).suffix
            if suffix not in _OF_LABS:
                yield from ({".ini": in_text} | READERS)[suffix](archive.read(name))


READERS: Mapping[str, Callable[[bytes], Found]] = {
    ".html": in_html,
    ".xml": in_xml,
    ".atom": in_xml,
    ".rss": in_xml,
    ".opml": in_xml,
    ".json": in_json,
    ".webmanifest": in_json,
    ".svg": in_drawing,
    ".txt": in_text,
    ".md": in_text,
    ".xsl": in_code,
    ".css": in_code,
    ".js": in_code,
    ".mjs": in_code,
    ".gz": in_compressed,
    ".zip": in_archive,
    ".png": in_numbers,
    ".woff2": in_numbers,
    ".bin": in_numbers,
}
_OF_LABS = frozenset({".py", ".conf"})
"""Files of labs, copied as they are; hosts send them as text."""


@pytest.fixture(scope="module")
def site(built: Mapping[str, BuiltSite]) -> BuiltSite:
    """The site whose texts are hostile."""
    return built["stress"]


def test_every_file_holds_what_authors_wrote_as_text(site: BuiltSite) -> None:
    found = []
    read = set()
    for path in sorted(site.folder.rglob("*")):
        name = PurePosixPath(path.relative_to(site.folder).as_posix())
        if path.is_dir() or (name.suffix in _OF_LABS and "/lab/" in f"/{name}"):
            continue
        reader = READERS.get(name.suffix)
        assert reader is not None, f"/{name}: nobody reads this format here; say in READERS what may not stand in it"
        read.add(name.suffix)
        found += [f"/{name}: {each}"[:300] for each in reader(path.read_bytes())]
    assert {".html", ".xml", ".json", ".txt", ".js", ".css", ".svg", ".gz"} <= read
    assert not found, f"{len(found)} found:\n" + "\n".join(found[:40])


def texts(value: object) -> Iterator[str]:
    """All texts in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def test_the_search_has_the_texts_as_they_were_written(site: BuiltSite) -> None:
    """Escaping would be as wrong as none: the search sets them into the page as text."""
    files = list((site.folder / "search").rglob("*.json"))
    found = {text for path in files for text in texts(json.loads(path.read_bytes()))}
    assert {HOSTILE_TITLE, HOSTILE_CATEGORY, HOSTILE_SUBCATEGORY, HOSTILE_TAG} <= found


def test_every_feed_has_the_hostile_title_as_it_was_written(site: BuiltSite) -> None:
    """Whatever writes feeds: one that lists the hostile article lists it under its name."""
    address = site.url + PAGES["article: hostile"]
    checked = []
    for path in sorted([*site.folder.rglob("*.xml"), *site.folder.rglob("*.json")]):
        text = path.read_text(encoding="utf-8")
        if address not in text or not any(sign in text for sign in ("<rss", "<feed", "jsonfeed.org")):
            continue
        if path.suffix == ".json":
            found = set(texts(json.loads(text)))
        else:
            found = {element.text or "" for element in ElementTree.fromstring(text).iter()}  # noqa: S314  (we wrote it)
        assert HOSTILE_TITLE in found, path
        assert SITE_NAME in " ".join(found), path
        checked.append(path.name)
    assert len(checked) >= 2, checked


@pytest.mark.parametrize(
    ("suffix", "leak"),
    [
        (".html", "<p>A<b>bold</b> name"),
        (".html", "<p>A<script>alert(1)</script> name"),
        (".html", '<script src="https://evil.example/assets.js"></script>'),
        (".html", f"<script>{INLINE} </script>"),
        (".html", "<p title=x onclick=alert(1)>"),
        (".html", '<a href=" javascript:alert(1)">x</a>'),
        (".html", "<p>A &amp;lt;b&amp;gt;name"),
        (".html", '<meta content="&amp;quot;x">'),
        (".html", '<script type="application/ld+json">{"name":"&lt;script&gt;"}</script>'),
        (".xml", "<rss><channel><item><title>A<b>bold</b></title></item></channel></rss>"),
        (".xml", "<rss><channel><title>&amp;lt;script&amp;gt;</title></channel></rss>"),
        (".xml", "<rss><channel><description>&lt;script&gt;alert(1)&lt;/script&gt;</description></channel></rss>"),
        (".json", '{"items": [{"content_html": "<img src=x onerror=alert(1)>"}]}'),
        (".json", '{"items": [{"title": "&lt;script&gt;"}]}'),
        (".svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        (".txt", "a\x1b[2Jb"),
        (".js", "const title = 'alert(1)'"),
    ],
)
def test_what_is_looked_for_would_be_seen(suffix: str, leak: str) -> None:
    assert list(READERS[suffix](leak.encode()))


def test_a_leak_that_breaks_the_format_is_seen() -> None:
    with pytest.raises(ElementTree.ParseError):
        list(in_xml(b"<rss><channel><title>A & B</title></channel></rss>"))
    with pytest.raises(json.JSONDecodeError):
        list(in_json(b'{"title": "a " quote"}'))
