"""The promises of every built site, checked on its files before they replace the previous ones.

Cards, feed items, sitemap entries and search records match the articles; every link and every anchor leads somewhere;
every page can be reached; no page asks another host for anything, and no page contains code that its own policy does
not allow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from engblog.contract.cards import wrong_cards
from engblog.contract.feeds import SiteFeed, wrong_feeds
from engblog.contract.files import Own, wrong_files
from engblog.contract.finding import Finding, is_findable
from engblog.contract.pages import wrong_lists, wrong_pages
from engblog.contract.previewed import ONLY_BUILT, Previewed, wrong_links
from engblog.contract.search import wrong_search
from engblog.contract.sitemap import wrong_sitemap
from engblog.contract.waivers import Check
from engblog.html.css import css_loads, script_loads
from engblog.html.inline_code import PHRASES, allows
from engblog.html.links import Addresses, Target, Where
from engblog.html.page import (
    Inline,
    PageReference,
    Place,
    ReadPage,
    Use,
    places_in_drawing,
    places_on_page,
    read_drawing,
    read_page,
)
from engblog.model.problems import Code, Mark, Problem, quote
from engblog.model.publication import Publication, Tree

CHECK_OF: Mapping[Code, Check] = {
    Code.P001_NO_PAGE: Check.COUNTS,
    Code.P002_LIST: Check.COUNTS,
    Code.P003_FEED: Check.COUNTS,
    Code.P004_SITEMAP: Check.COUNTS,
    Code.P005_SEARCH: Check.COUNTS,
    Code.P006_LINK: Check.LINKS,
    Code.P007_ANCHOR: Check.LINKS,
    Code.P008_ORPHAN: Check.ORPHANS,
    Code.P009_OTHER_HOST: Check.OTHER_HOSTS,
    Code.P010_INLINE: Check.INLINE_CODE,
    Code.P011_CARD: Check.MISSING_OUTPUT,
    Code.P012_FILE: Check.FILES,
    Code.P013_POLICY: Check.FILES,
    Code.P021_SCRIPT: Check.INLINE_CODE,
    Code.P022_MARKUP: Check.INLINE_CODE,
}
"""The check by which each problem of the contract can be waived."""

_FINDABLE = frozenset({Code.P004_SITEMAP, Code.P008_ORPHAN})
"""Promises that readers and search engines find a page."""

PREFIX = "site/"
"""The start of a built file's path in a problem's mark. The file itself is gone once the build has failed."""

_MISSING = "404.html"
_ANYWHERE = "no/such/deep/page/index.html"
"""A deep address at which to check the page 404, because a server shows it at every address, never at its own."""
_PAGE_SUFFIX = ".html"
_RUN = frozenset({"script src", "script href", "script xlink:href", "link modulepreload"})
"""Uses of an address that run what is there."""
_XML = (".svg", ".xhtml", ".xht", ".xml", ".xsl", ".xslt", ".rdf", ".mml")
_RUNNING = (*_XML, ".htm", ".shtml")
"""Files, besides pages, that a browser opens as documents, so that scripts in them run as part of the site."""


Reader = Callable[[Tree, str], ReadPage]
"""Reads a file of a built site, given by its path."""


def check_site(
    tree: Tree,
    publication: Publication,
    *,
    feeds: Iterable[SiteFeed] = (),
    sources: Mapping[str, str] | None = None,
    cards: bool = False,
    scripts: Collection[str] | None = None,
    own: Own | None = None,
    read: Reader | None = None,
) -> tuple[Problem, ...]:
    """Every problem of the built site in *tree*, by place.

    *feeds* are the feeds of all articles that the site claims to have. *sources* are the files from which its pages
    were made, by path from the site's root, for hints. With *cards*, every article must have one; otherwise the site
    may also have none. *scripts* are the files that pages may run; None if that is not known. *own* are the files that
    the build made itself; without them, kinds of files are not checked. *read* does what :func:`read_built` does.
    """
    return _Contract(tree, publication, tuple(feeds), sources or {}, cards, scripts, own, None, read).problems()


def check_preview(
    tree: Tree,
    publication: Publication,
    previewed: Previewed,
    *,
    feeds: Iterable[SiteFeed] = (),
    sources: Mapping[str, str] | None = None,
    cards: bool = False,
    scripts: Collection[str] | None = None,
    own: Own | None = None,
    read: Reader | None = None,
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """The problems that a build of the preview's sources would have, and those that only the preview has.

    *previewed* is what distinguishes the two; the other arguments are those of :func:`check_site`.
    """
    contract = _Contract(tree, publication, tuple(feeds), sources or {}, cards, scripts, own, previewed, read)
    return contract.problems(), contract.problems(only_previewed=True)


class _Contract:
    def __init__(
        self,
        tree: Tree,
        publication: Publication,
        feeds: tuple[SiteFeed, ...],
        sources: Mapping[str, str],
        cards: bool,
        scripts: Collection[str] | None,
        own: Own | None,
        previewed: Previewed | None = None,
        read: Reader | None = None,
    ) -> None:
        self._tree = tree
        self._read = read = read or read_built
        self._previewed = previewed or Previewed(publication.identity.url)
        self._publication = publication
        self._feeds = feeds
        self._sources = sources
        self._cards = cards
        self._scripts = scripts
        self._own = own
        paths = tree.paths if previewed is None else (*tree.paths, *ONLY_BUILT)
        self._addresses = Addresses(publication.identity.url, paths)
        self._led = {each.file: each.target for each in publication.redirects}
        self._found: dict[str, Mapping[Place, int]] = {}
        self._pages = {path: read(tree, path) for path in tree.paths if path.endswith(_PAGE_SUFFIX)}
        self._drawings = {path: read(tree, path) for path in tree.paths if path.endswith(".svg")}

    def problems(self, *, only_previewed: bool = False) -> tuple[Problem, ...]:
        """The problems that a build has, or those that it does not have although the preview does. Nobody has to find
        a page that is not published."""
        found = [each for each in self._findings if self._is_previewed(each) is only_previewed]
        if only_previewed:
            found = [each for each in found if each.code not in _FINDABLE]
        return tuple(sorted(self._marked(found), key=lambda each: (each.code.id, each.mark, each.message)))

    @cached_property
    def _findings(self) -> list[Finding]:
        tree, publication, addresses = self._tree, self._publication, self._addresses
        has_address = bool(self._previewed.url)
        reached: dict[str, frozenset[str]] = {}
        found = list(self._references(reached))
        found += wrong_pages(publication, self._pages)
        found += wrong_lists(publication, reached)
        found += wrong_feeds(publication, self._feeds, tree, addresses)
        if has_address:  # a sitemap has absolute addresses, so a site without an address has none
            found += wrong_sitemap(publication, tree, self._pages, addresses)
        found += wrong_search(publication, tree)
        found += wrong_cards(publication, tree, self._pages, addresses, needed=self._cards and has_address)
        found += self._orphans(reached)
        found += self._inline()
        found += self._foreign_scripts()
        found += self._markup()
        found += self._sheets()
        if self._own is not None:
            found += wrong_files(tree, self._pages, self._own)
        found += wrong_links(self._previewed, addresses)
        return found

    def _is_previewed(self, finding: Finding) -> bool:
        return self._previewed.has(finding.path) or self._previewed.has(finding.about)

    # links, anchors, loads

    def _references(self, reached: dict[str, frozenset[str]]) -> Iterator[Finding]:
        """Check every reference of every page, and fill in *reached*, the files that each page links to."""
        for path, document in (*self._pages.items(), *self._drawings.items()):
            base = _ANYWHERE if path == _MISSING else path
            linked = set()
            for reference in document.references:
                target = self._target(base, path, reference.address)
                if reference.use is Use.LINK and target.where is Where.SITE and target.found:
                    linked.add(target.path)
                yield from self._wrong_reference(path, document, reference, target)
            for data in document.data:
                yield from self._wrong_data(path, data)
            reached[path] = frozenset(linked)

    def _target(self, base: str, path: str, address: str) -> Target:
        if not address or address[0] in "#?":
            base = path
        own = self._previewed.url
        if own and address.startswith(own):  # a preview has another address than the site
            address = self._publication.identity.url + address.removeprefix(own)
        return self._addresses.target(base, address)

    def _wrong_reference(
        self, path: str, document: ReadPage, reference: PageReference, target: Target
    ) -> Iterator[Finding]:
        use, element, address = reference
        place = reference.place
        if target.where is Where.ELSEWHERE or (target.where is Where.BESIDE and use is Use.REFRESH):
            if use is Use.REFRESH and unquote(address).partition("#")[0] == self._led.get(path):
                return  # to the repository, which is not asked before its reader goes there
            if use is Use.LOAD or use is Use.REFRESH:
                message = f"<{element}> asks {target.host or 'another site'} for {quote(address, 120)}"
                hint = "keep a copy in the site itself, so that no other host learns of a visit"
                yield Finding(Code.P009_OTHER_HOST, path, place, message, hint, (element, address))
            elif element == "link canonical":
                yield self._canonical(path, reference)
            return
        if target.where is not Where.SITE:
            return
        if not target.found:
            message = f"<{element}> leads to {quote(address, 120)}, but the site has no /{target.path}"
            key = (element, target.path)
            yield Finding(Code.P006_LINK, path, place, message, self._meant(target), key, target.path)
        elif target.fragment and use is not Use.NAMED:
            yield from self._wrong_fragment(path, reference, target)
        if element == "link canonical" and target.path != path and is_findable(path, document):
            yield self._canonical(path, reference)

    def _canonical(self, path: str, reference: PageReference) -> Finding:
        message = f"the page gives its address as {quote(reference.address, 120)}"
        own = self._addresses.of(path)
        return Finding(
            Code.P006_LINK, path, reference.place, message, f"its canonical address must be {own}", "canonical"
        )

    def _wrong_fragment(self, path: str, reference: PageReference, target: Target) -> Iterator[Finding]:
        page = self._pages.get(target.path) or self._drawings.get(target.path)
        fragment = target.fragment.partition(":~:")[0]
        if page is None or not fragment or fragment in page.ids or fragment.lower() == "top":
            return
        if unquote(fragment) in page.ids:
            return
        place = "this page" if target.path == path else f"/{target.path.removesuffix('index.html')}"
        message = f"<{reference.element}> leads to {quote(reference.address, 120)}, but {place} has no such anchor"
        hint = "a heading's id comes from its text: copy it from the page, or correct the link"
        key = (reference.element, target.path, fragment)
        yield Finding(Code.P007_ANCHOR, path, reference.place, message, hint, key, target.path)

    def _meant(self, target: Target) -> str:
        """The hint for an address without a file."""
        if f"{target.path}/index.html" in self._pages:
            return "end the address of a page with a slash"
        if target.path.startswith("../"):
            return f"it leads out of the site, which begins at {self._addresses.of('index.html')}"
        return "correct the address or add the file; a page that moved needs an alias"

    def _wrong_data(self, path: str, data: Inline) -> Iterator[Finding]:
        """Structured data that is not JSON, or that names something the site does not have."""
        try:
            strings = list(_strings(json.loads(data.text)))
        except (ValueError, RecursionError) as error:
            message = f"its structured data is not JSON: {quote(str(error), 120)}"
            yield Finding(Code.P006_LINK, path, data.place, message, "encode it with `tojson`", "json")
            return
        root = self._publication.identity.url
        for address in dict.fromkeys(each for each in strings if root and each.startswith(root)):
            target = self._addresses.target(path, address)
            if " " not in address and target.where is Where.SITE and not target.found:
                message = f"its structured data names {quote(address, 120)}, which the site does not have"
                yield Finding(Code.P006_LINK, path, data.place, message, self._meant(target), ("json", target.path))

    # orphans

    def _orphans(self, reached: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
        if "index.html" not in self._pages:
            return
        seen = {"index.html"}
        waiting = ["index.html"]
        while waiting:
            for path in reached.get(waiting.pop(), ()):
                if path not in seen:
                    seen.add(path)
                    if not self._previewed.leaves_out(path):
                        waiting.append(path)
        for path, document in self._pages.items():
            if path not in seen and is_findable(path, document):
                message = "this page cannot be reached from the home page"
                hint = "link to it from a page that readers can reach, or mark it `noindex`"
                yield Finding(Code.P008_ORPHAN, path, None, message, hint)

    # code in pages

    def _inline(self) -> Iterator[Finding]:
        others = {path: self._read(self._tree, path) for path in self._tree.paths if path.lower().endswith(_RUNNING)}
        for path, document in (*self._pages.items(), *others.items()):
            for inline in document.inline:
                if path in others and inline.kind in {"style", "attribute"}:
                    continue  # a drawing may colour itself
                if not allows(document.policy, inline):
                    message = f"{PHRASES[inline.kind]} {quote(inline.text, 40)}"
                    hint = "move it into a file of the site, or add its hash to the page's policy"
                    if path in others:
                        hint = "opening this file would run the script; remove it"
                    yield Finding(Code.P010_INLINE, path, inline.place, message, hint, inline.place)

    def _foreign_scripts(self) -> Iterator[Finding]:
        """Scripts that do not belong to the theme: those that pages load, and files among the theme's."""
        if self._scripts is None:
            return
        hint = "pages run only the theme's scripts and those that `extra_javascript` names"
        for path, document in self._pages.items():
            for reference in document.references:
                target = self._target(_ANYWHERE if path == _MISSING else path, path, reference.address)
                if reference.element in _RUN and target.where is Where.SITE and target.path not in self._scripts:
                    message = f"<{reference.element}> runs {quote(reference.address, 120)}"
                    yield Finding(Code.P021_SCRIPT, path, reference.place, message, hint, reference.place)
        folders = tuple({f"{path.rpartition('/')[0]}/" for path in self._scripts if path.count("/") > 1})
        for path in self._tree.paths:
            if path.startswith(folders) and path not in self._scripts:
                message = "the file is in a folder of the theme's scripts, from which pages may run anything"
                yield Finding(Code.P021_SCRIPT, path, None, message, "move it to another folder")

    def _markup(self) -> Iterator[Finding]:
        """Elements and attributes that neither a theme nor an author may write."""
        for path, document in self._pages.items():
            for place in document.foreign:
                message = f"the page has {place[1]}"
                hint = "take it out of the template; in a text, write plain Markdown"
                yield Finding(Code.P022_MARKUP, path, place, message, hint, place)

    # style sheets and scripts

    def _sheets(self) -> Iterator[Finding]:
        for path in self._tree.paths:
            if path.endswith(".css"):
                for address in css_loads(_text(self._tree, path)):
                    yield from self._wrong_load(path, "url()", address)
            elif path.endswith((".js", ".mjs")):
                for address in script_loads(_text(self._tree, path)):
                    yield from self._wrong_load(path, "the script", address)

    def _wrong_load(self, path: str, element: str, address: str) -> Iterator[Finding]:
        target = self._target(path, path, address)
        offset = max(0, _text(self._tree, path).find(address))
        if target.where is Where.ELSEWHERE:
            message = f"{element} asks {target.host} for {quote(address, 120)}"
            hint = "keep a copy in the site itself, so that no other host learns of a visit"
            yield Finding(Code.P009_OTHER_HOST, path, offset, message, hint)
        elif target.where is Where.SITE and not target.found:
            message = f"{element} leads to {quote(address, 120)}, but the site has no /{target.path}"
            yield Finding(Code.P006_LINK, path, offset, message, self._meant(target))

    # the report

    def _marked(self, found: Iterable[Finding]) -> Iterator[Problem]:
        """Problems with their places: the first of each group of equal ones, and the number of other files that have
        it."""
        groups: dict[object, list[Finding]] = {}
        for each in found:
            key = (each.code, each.key) if each.key is not None else (each.code, each.path, each.offset, each.message)
            groups.setdefault(key, []).append(each)
        for group in groups.values():
            first = group[0]
            others = len({each.path for each in group}) - 1
            if others:
                more = f" (and {others} more {'file' if others == 1 else 'files'})"
            else:
                more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
            hint = f"{first.hint}; made from {source}" if (source := self._sources.get(first.path)) else first.hint
            line, column = self._place(first)
            yield Problem(Mark(f"{PREFIX}{first.path}", line, column), first.code, f"{first.message}{more}", hint)

    def _place(self, found: Finding) -> tuple[int, int]:
        if found.offset is None:
            return 1, 1
        offset = found.offset if isinstance(found.offset, int) else self._places(found.path).get(found.offset, 0)
        before = _text(self._tree, found.path)[:offset]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def _places(self, path: str) -> Mapping[Place, int]:
        """The places of tags in the page or drawing at *path*, found once there is a problem with one."""
        if path not in self._found:
            is_xml = path.lower().endswith(_XML)
            self._found[path] = (
                places_in_drawing(self._tree.read(path)) if is_xml else places_on_page(_text(self._tree, path))
            )
        return self._found[path]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def read_built(tree: Tree, path: str) -> ReadPage:
    """Read the file *path* of *tree* as browsers do: as a page, or as XML."""
    return read_drawing(tree.read(path)) if path.lower().endswith(_XML) else read_page(_text(tree, path))


def _text(tree: Tree, path: str) -> str:
    return tree.read(path).decode("utf-8", "replace")


def refusing(problems: Collection[Problem], allowed: frozenset[Check]) -> tuple[list[Problem], list[Problem]]:
    """The *problems* that end a build, and those that are waived."""
    waived = [problem for problem in problems if CHECK_OF[problem.code] in allowed]
    return [problem for problem in problems if CHECK_OF[problem.code] not in allowed], waived
