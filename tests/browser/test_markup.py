"""What every page's markup must have, and what the Nu validator says."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest

from browser.documents import INLINE, Element, is_import_map, is_speculation_rules, parse, read_documents
from browser.stress import ROOT
from tools.pages import BuiltSite

SITES = ("stress", "real")
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"

ALLOWED = {
    "Trailing slash on void elements has no effect and interacts badly with unquoted attribute values.": (
        "Python-Markdown writes <img />, pymdownx.tabbed <input />; all their attributes are quoted"
    ),
}
"""What the validator remarks and we keep, each with its reason. Errors are never kept, warnings only as below."""

ALLOWED_STARTS = {
    "Resource violates Content Security Policy (meta tag)": "in a file there is no address that 'self' could be",
    "Inline script violates Content Security Policy (meta tag)": "it computes no hashes, and takes JSON for code",
}
"""Warnings, by how they begin. What a browser makes of the policy, test_policy.py sees."""

CRUMBED = ("category", "subcategory", "tag", "author", "series", "year", "archive", "tags", "authors", "page", "lab")


def report(check: str, found: Mapping[str, list[object]]) -> None:
    """Fail with what was *found*, page by page."""
    said = [f"/{page}: {each}" for page, items in found.items() for each in items]
    assert not said, f"{check}:\n" + "\n".join(said[:40])


@pytest.fixture(scope="package")
def messages(built: Mapping[str, BuiltSite]) -> list[dict[str, Any]]:
    """What the Nu validator says of all pages of both sites, in one run: most of its time is its start."""
    folders = [str(built[name].folder) for name in SITES]
    command = ["java", "-jar", str(VNU), "--skip-non-html", "--format", "json", *folders]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(run.stderr)["messages"]
    return found


def _is_kept(message: Mapping[str, Any]) -> bool:
    if message["type"] == "error":
        return False
    if message["message"].startswith(tuple(ALLOWED_STARTS)):
        return True
    return message.get("subType") != "warning" and message["message"] in ALLOWED


@pytest.mark.parametrize("name", SITES)
def test_the_nu_validator_finds_nothing(
    name: str, messages: list[dict[str, Any]], built: Mapping[str, BuiltSite]
) -> None:
    prefix = f"file:{quote(str(built[name].folder))}/"
    kept = [
        f"/{message['url'].removeprefix(prefix)}:{message.get('lastLine')} {message['type']}: {message['message']} "
        f"{message.get('extract', '')!r}"
        for message in messages
        if message.get("url", prefix).startswith(prefix) and not _is_kept(message)
    ]
    assert not kept, f"{len(kept)} messages:\n" + "\n".join(kept[:40])


def test_the_nu_validator_has_read_the_pages(messages: list[dict[str, Any]]) -> None:
    """A remark that we allow is there: an empty answer would prove nothing."""
    assert any(message["message"] in ALLOWED for message in messages)


@pytest.mark.parametrize("name", SITES)
def test_every_page_says_what_it_is(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    found: dict[str, list[object]] = {}
    for page, document in read_documents(site).items():
        said = found.setdefault(page, [])
        headings = document.texts.get("h1", [])
        if len(headings) != 1 or not headings[0].strip():
            said.append(f"one <h1> is wanted: {headings}")
        if not any(html.attributes.get("lang") for html in document.all("html")):
            said.append("no lang")
        if not document.texts.get("title", [""])[0].strip():
            said.append("no <title>")
        if not (document.meta("description") or "").strip():
            said.append("no description")
        if not (document.meta("og:title") and document.meta("og:type")):
            said.append("no og:title or og:type")
        canonical = [link.attributes["href"] for link in document.all("link", rel="canonical")]
        if page == "404.html":
            if canonical or document.meta("robots") != "noindex":
                said.append("a missing page must not be indexed")
        elif canonical != [document.meta("og:url")] or canonical != [site.url + quote(page)]:
            said.append(f"canonical {canonical}, og:url {document.meta('og:url')}")
        if page not in {"404.html", "search/"} and document.meta("robots"):
            said.append("a page that should be found is not to be indexed")
    report("missing", found)


@pytest.mark.parametrize("name", SITES)
def test_no_two_pages_have_one_title(name: str, built: Mapping[str, BuiltSite]) -> None:
    titles = Counter(" ".join(document.texts["title"][0].split()) for document in read_documents(built[name]).values())
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("name", SITES)
def test_no_id_stands_twice_in_a_page(name: str, built: Mapping[str, BuiltSite]) -> None:
    repeated: dict[str, list[object]] = {
        page: [each for each, count in Counter(document.ids).items() if count > 1]
        for page, document in read_documents(built[name]).items()
    }
    report("repeated ids", repeated)


"""The one script that stands in every page, and that its policy allows by its hash."""


def _runs(element: Element, text: str = "") -> bool:
    """Whether *element* is, or carries, what a strict security policy stops. *text* is a script's."""
    attributes = element.attributes
    return (
        element.tag in {"style", "iframe", "object", "embed", "base"}
        or any(name == "style" or name.startswith("on") for name in attributes)
        or any(value.strip().lower().startswith(("javascript:", "data:text")) for value in attributes.values())
        or (element.tag == "script" and not _is_welcome(attributes, text))
    )


def _is_welcome(attributes: Mapping[str, str], text: str) -> bool:
    """Whether a script is a file of the site, the one in every page, the import map, or data."""
    if "src" in attributes:
        return "assets/js/" in attributes["src"] and not text
    if not attributes:
        return text == INLINE
    is_data = is_import_map(attributes, text) or is_speculation_rules(attributes, text)
    return is_data or attributes == {"type": "application/ld+json"}


@pytest.mark.parametrize("name", SITES)
def test_nothing_in_a_page_runs_or_styles_but_files_of_the_site(name: str, built: Mapping[str, BuiltSite]) -> None:
    found: dict[str, list[object]] = {}
    for page, document in read_documents(built[name]).items():
        texts = iter(document.texts.get("script", []))
        found[page] = [
            element for element in document.elements if _runs(element, next(texts) if element.tag == "script" else "")
        ]
    report("not allowed", found)


@pytest.mark.parametrize("name", SITES)
def test_every_picture_has_a_text_alternative_and_a_size(name: str, built: Mapping[str, BuiltSite]) -> None:
    """The size keeps its place while it loads, so that nothing moves under a reader's eyes."""
    found: dict[str, list[object]] = {
        page: [image for image in document.all("img") if not {"alt", "width", "height"} <= image.attributes.keys()]
        for page, document in read_documents(built[name]).items()
    }
    report("pictures", found)


@pytest.mark.parametrize("name", SITES)
def test_the_way_up_is_shown_on_every_page_below_the_home_page(name: str, built: Mapping[str, BuiltSite]) -> None:
    documents = read_documents(built[name])
    kinds = built[name].kinds
    without = [
        page
        for kind in CRUMBED
        for page in kinds.get(kind, ())
        if not documents[page].all("nav", **{"aria-label": "Breadcrumbs"})
    ]
    assert without == []


@pytest.mark.parametrize("name", SITES)
def test_a_kind_is_given_to_every_page(name: str, built: Mapping[str, BuiltSite]) -> None:
    assert "unknown" not in built[name].kinds


def test_a_document_is_read_as_it_stands() -> None:
    """The parser behind these checks sees what they look for."""
    document = parse('<html lang="en"><title>A &amp; b</title><h1 id="x">T<em>i</em></h1><svg><title>z</title></svg>')
    assert document.texts == {"title": ["A & b"], "h1": ["Ti"]}
    assert document.ids == ["x"]
    for markup in ('<p onclick="x">', '<p style="x">', "<iframe>", '<a href=" JavaScript:x">', '<script src="/x.js">'):
        assert _runs(parse(markup).elements[0]), markup
    assert not _runs(parse('<script src="../assets/js/site.js?v=1">').elements[0])
    assert not _runs(parse("<script>").elements[0], INLINE)
    assert _runs(parse("<script>").elements[0], f"{INLINE} ")
    assert not _runs(parse('<script type="application/ld+json">').elements[0], "{}")
    own, other = "/blog/assets/js/page/menu.js", "//evil.example/assets/js/page/menu.js"
    rules = parse('<script type="speculationrules">').elements[0]
    where = '{"prefetch":[{"where":{"href_matches":["%s/","%s/*/"]},"eagerness":"moderate"}]}'
    assert not _runs(rules, where % ("/blog", "/blog"))
    assert _runs(rules, where % ("https://evil.example", "https://evil.example"))
    assert _runs(rules, where.replace("prefetch", "prerender") % ("/blog", "/blog"))
    import_map = parse('<script type="importmap">').elements[0]
    assert not _runs(import_map, json.dumps({"imports": {own: f"{own}?v=0123abcd"}}))
    assert _runs(import_map, json.dumps({"imports": {own: other}}))
    assert _runs(import_map, json.dumps({"imports": {other: f"{other}?v=0123abcd"}}))
    assert _runs(import_map, json.dumps({"imports": {}, "scopes": {"/": {own: other}}}))
