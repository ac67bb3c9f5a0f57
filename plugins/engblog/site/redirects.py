"""Old addresses: their owners, their final targets, and the problems with them.

A move is written in one of two places: in the article's ``aliases``, or, for any other page, in ``redirects.yml``.
Chains are followed to their end, so that readers are never redirected twice. A circle is a problem, and so is an old
address that is taken or that does not lead to a page.

An old address of a feed leads to a feed. Feed readers do not follow a page that redirects, so the feed itself is served
there too. When the page of a list moves, its feeds stay at their old addresses by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engblog.model.article import Article, newest_first
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.site import Redirect, Site
from engblog.model.urls import files_beside, fold_path, is_elsewhere, is_feed_path, page_address, page_file
from engblog.source.redirects import Move

_PAGES = (".html", ".htm")
_PAGE_SUFFIXES = ("/", *_PAGES)
_FEED = "a feed that the build writes"
_EXAMPLE = "/feed.xml: /atom.xml"
_WRITTEN = frozenset(
    {
        "404.html", "cname", "atom.xml", "base.json", "build.json", "engine.mjs", "feed.json", "feed.xml", "feeds.opml",
        "feed_json_created.json", "feed_json_updated.json", "feed_rss_created.xml", "feed_rss_updated.xml",
        "index.json", "index.md", "llms.txt", "robots.txt", "rss.xml", "sitemap.xml", "sitemap.xml.gz", "sw.js",
    }
)  # fmt: skip
"""Names of files that builds, other plugins and hosts write, some in many folders; a folder cannot have these."""
_FEEDS = frozenset(name for name in _WRITTEN if name.startswith(("atom.", "feed", "rss."))) - {"feeds.opml"}
"""Those that a feed may have had elsewhere."""


def resolve_redirects(
    site: Site,
    moves: tuple[Move, ...],
    owners: Mapping[str, str],
    *,
    feeds: frozenset[str] = frozenset(),
    path_prefix: str,
    problems: Problems,
) -> tuple[Redirect, ...]:
    """Return every redirect of *site*, sorted, with chains followed to their end, and note problems in *problems*.

    *moves* come from the redirects file. *owners* are the files of the site as paths from its root, each with the name
    of its origin; an old address must not be one of them, and a redirect must lead to one, or to a full address.
    *feeds* are the files of the site's feeds, which old addresses of feeds lead to. Aliases of articles that this build
    holds back are claimed but not made. Problems that :mod:`engblog.site.catalogue` reports about aliases are not
    reported again.
    """
    claims = _Claims({**dict.fromkeys(feeds, _FEED), **owners}, problems)
    shown = frozenset(article.slug for article in site.articles)
    articles = sorted((*site.articles, *site.hidden), key=newest_first)
    own = frozenset(article.url for article in articles)
    for article in articles:
        for move in _of_article(article, path_prefix):
            claims.claim(move, made=article.slug in shown, known=own)
    for move in moves:
        claims.claim(move, made=True)
    for article in site.articles:
        for move in _of_lab(article, path_prefix):
            if page_file(move.target) in owners:
                claims.offer(move)
    held = {article.url: article for article in site.hidden}
    found = tuple(_followed(claims.made, _Ends(owners, feeds, held, path_prefix), problems))
    return tuple(sorted((*found, *_of_lists(found, feeds, claims))))


def _of_article(article: Article, prefix: str) -> Iterator[Move]:
    for alias in article.aliases:
        yield Move(alias.path, article.url, Mark(prefix + article.src_uri, alias.line, alias.column))


def _of_lab(article: Article, prefix: str) -> Iterator[Move]:
    """The moves of an article's lab page, which follows the article."""
    for move in _of_article(article, prefix) if article.lab else ():
        if move.path.endswith("/"):
            yield Move(f"{move.path}lab/", f"{move.target}lab/", move.mark)


@dataclass(slots=True)
class _Claims:
    """The owner of each file: first the site's own files, then old addresses in the order in which they are claimed."""

    owners: Mapping[str, str]
    problems: Problems
    made: dict[str, Move] = field(default_factory=dict)
    """The moves that become redirects, by file."""
    _files: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By folded file: the file and its origin."""
    _folders: dict[str, str] = field(default_factory=dict)
    """By folded folder: a file below it."""
    _aliases: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for file, origin in self.owners.items():
            self._take(file, origin)

    def _take(self, file: str, origin: str) -> None:
        folded = fold_path(file)
        self._files.setdefault(folded, (file, origin))
        for folder in _parents(folded):
            if folder in self._folders:
                break
            self._folders[folder] = file

    def claim(self, move: Move, *, made: bool, known: frozenset[str] = frozenset()) -> None:
        """Claim the old address of *move*, or note why that is impossible.

        *known* are addresses whose clashes the catalogue reports. If it is given, a move whose old address is in it, or
        was claimed by an article before, is passed over.
        """
        if not move.path.endswith(_PAGE_SUFFIXES) and not _is_of_feed(move):
            hint = (
                "an old address must end with a slash or with .html, because a page will answer there; only that of a "
                f"feed ends with .xml or .json, and leads to a feed with the same ending: {_EXAMPLE}"
            )
            message = f"nothing can redirect from {quote(f'/{move.path}')}"
            self.problems.add(move.mark, Code.A003_REDIRECT_KIND, message, hint)
            return
        if known:
            if move.path in known or move.path in self._aliases:
                return
            self._aliases.add(move.path)
        if (taken := self._taken(move)) is not None:
            hint = "delete it here, or change the other address"
            message = f"the old address {quote(f'/{move.path}')} {taken}"
            self.problems.add(move.mark, Code.C007_ALIAS_CLASH, message, hint)
            return
        self._accept(move, made=made)

    def offer(self, move: Move) -> None:
        """Claim the old address of *move*, which nobody wrote down, if it is free."""
        if self._taken(move) is None:
            self._accept(move, made=True)

    def is_free(self, path: str) -> bool:
        """True if nothing has or claims the address *path*."""
        return self._taken(Move(path, path, Mark(""))) is None

    def _accept(self, move: Move, *, made: bool) -> None:
        file = page_file(move.path)
        self._take(file, _place(move.mark))
        if made:
            self.made[file] = move

    def _taken(self, move: Move) -> str | None:
        file = page_file(move.path)
        folded = fold_path(file)
        if folded in self._files:
            other, origin = self._files[folded]
            if other == file:
                return f"belongs to {origin}"
            return f"differs only by letter case from /{page_address(other)}, which belongs to {origin}"
        if folded in self._folders:
            return f"is a folder: it contains /{self._folders[folded]}"
        for folder in _parents(folded):
            if folder in self._files:
                other, origin = self._files[folder]
                return f"is below /{other}, a file that belongs to {origin}"
        parts = folded.split("/")
        if _is_of_feed(move) and parts[-1] in _FEEDS:
            parts.pop()
        for name in (part for part in parts if part in _WRITTEN):
            return f"has the name of a file that the build writes, {quote(name)}"
        return None


def _of_lists(pages: Iterable[Redirect], feeds: frozenset[str], claims: _Claims) -> Iterator[Redirect]:
    """The old addresses of the feeds beside the pages of lists, which follow *pages*."""
    for page in pages:
        if page.path.endswith("/"):
            for old, new in zip(files_beside(page.path).values(), files_beside(page.target).values(), strict=True):
                if new in feeds and claims.is_free(old):
                    yield Redirect(old, new)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Everything that an old address can lead to, or seem to."""

    owners: Mapping[str, str]
    feeds: frozenset[str]
    held: Mapping[str, Article]
    prefix: str

    def has(self, file: str) -> bool:
        """True if *file* is a page or a feed of the site."""
        return file in self.feeds or (file in self.owners and file.endswith(_PAGES))


def _followed(made: Mapping[str, Move], where: _Ends, problems: Problems) -> Iterator[Redirect]:
    ends: dict[str, tuple[str, str] | None] = {}  # by file: the page and the anchor in the end; None leads nowhere
    for start in made:
        way: list[str] = []
        on_way: set[str] = set()
        file = start
        while file in made and file not in ends and file not in on_way:
            way.append(file)
            on_way.add(file)
            file = page_file(made[file].target)
        end: tuple[str, str] | None = None
        if file in on_way:
            _note_circle([made[each] for each in way[way.index(file) :]], problems)
        elif file in ends:
            end = ends[file]
        elif is_elsewhere(file):
            end = (file, "")
        elif where.has(file):
            end = (page_address(file), "")
        elif way:
            _note_target(made[way[-1]], where, problems)
        for each in reversed(way):  # as browsers do: the last anchor on the way is the one that counts
            end = (end[0], end[1] or made[each].anchor) if end else None
            ends[each] = end
    for file, move in made.items():
        if (found := ends[file]) is not None:
            redirect = Redirect(move.path, *found)
            if redirect.is_feed and (redirect.anchor or _ending(move.path) != _ending(redirect.target)):
                _note_feed(move, redirect, problems)
            else:
                yield redirect


def _is_of_feed(move: Move) -> bool:
    return is_feed_path(move.path) and is_feed_path(move.target)


def _ending(path: str) -> str:
    return path.rpartition(".")[2]


def _note_feed(move: Move, redirect: Redirect, problems: Problems) -> None:
    """Note that readers of *redirect* would not get the feed as what it is."""
    ending = _ending(redirect.target)
    message = f"{quote(f'/{redirect.target}')} is a feed, and the old address does not end with .{ending}"
    hint = f"write the old address of a feed, which is served there as a file, and no #anchor: {_EXAMPLE}"
    if redirect.anchor:
        message = f"{quote(f'/{redirect.target}')} is a feed, which has no #{redirect.anchor}"
    problems.add(move.target_mark or move.mark, Code.A002_REDIRECT_TARGET, message, hint)


def _note_circle(members: list[Move], problems: Problems) -> None:
    first = min(range(len(members)), key=lambda index: members[index].mark)
    ring = [*members[first:], *members[:first]]
    way = " → ".join([*(f"/{each.path} ({_place(each.mark)})" for each in ring), f"/{ring[0].path}"])
    hint = "let one of them lead to a page, or delete it"
    problems.add(ring[0].mark, Code.A001_REDIRECT_CIRCLE, f"redirects lead in a circle: {way}", hint)


def _note_target(move: Move, where: _Ends, problems: Problems) -> None:
    kind = "feed" if _is_of_feed(move) else "page"
    if (article := where.held.get(move.target)) is not None:
        hint = f"{where.prefix}{article.src_uri} will have this address, but only once it is published"
    else:
        files = sorted(where.feeds) if kind == "feed" else (file for file in where.owners if file.endswith(_PAGES))
        known = [f"/{page_address(file)}" for file in files]
        hint = did_you_mean(f"/{move.target}", known) or f"write the path of a {kind}, exactly as in its address"
    mark = move.target_mark or move.mark
    problems.add(mark, Code.A002_REDIRECT_TARGET, f"{quote(f'/{move.target}')} is not a {kind} of this site", hint)


def _parents(path: str) -> Iterator[str]:
    """The folders that *path* lies in, the innermost first."""
    while (path := path.rpartition("/")[0]) != "":
        yield path


def _place(mark: Mark) -> str:
    return f"{mark.path}:{mark.line}:{mark.column}"
