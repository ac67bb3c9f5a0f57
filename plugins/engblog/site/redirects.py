"""Old addresses: their owners, their final targets, and the problems with them.

A move is written in one of two places: in the article's ``aliases``, or, for any other page, in ``redirects.yml``.
Chains are followed to their end, so that readers are never redirected twice. A circle is a problem, and so is an old
address that is taken or that does not lead to a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engblog.model.article import Article, newest_first
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.site import Redirect, Site
from engblog.model.urls import fold_path, page_address, page_file
from engblog.source.redirects import Move

_PAGE_SUFFIXES = ("/", ".html", ".htm")
_WRITTEN = frozenset(
    {
        "404.html", "cname", "atom.xml", "base.json", "build.json", "engine.mjs", "feed.json", "feed.xml", "feeds.opml",
        "feed_json_created.json", "feed_json_updated.json", "feed_rss_created.xml", "feed_rss_updated.xml",
        "index.json", "index.md", "llms.txt", "robots.txt", "rss.xml", "sitemap.xml", "sitemap.xml.gz", "sw.js",
    }
)  # fmt: skip
"""Names of files that builds, other plugins and hosts write, some in many folders; a folder cannot have these."""


def resolve_redirects(
    site: Site, moves: tuple[Move, ...], owners: Mapping[str, str], *, path_prefix: str, problems: Problems
) -> tuple[Redirect, ...]:
    """Return every redirect of *site*, sorted, with chains followed to their end, and note problems in *problems*.

    *moves* come from the redirects file. *owners* are the files of the site as paths from its root, each with the name
    of its origin; an old address must not be one of them, and a redirect must lead to one. Aliases of articles that
    this build holds back are claimed but not made. Problems that :mod:`engblog.site.catalogue` reports about aliases
    are not reported again.
    """
    claims = _Claims(owners, problems)
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
    return tuple(sorted(_followed(claims.made, owners, held, path_prefix, problems)))


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
        if not move.path.endswith(_PAGE_SUFFIXES):
            hint = "an old address must end with a slash or with .html, because a page will answer there"
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
        for name in (part for part in folded.split("/") if part in _WRITTEN):
            return f"has the name of a file that the build writes, {quote(name)}"
        return None


def _followed(
    made: Mapping[str, Move],
    owners: Mapping[str, str],
    held: Mapping[str, Article],
    prefix: str,
    problems: Problems,
) -> Iterator[Redirect]:
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
        elif file in owners and file.endswith((".html", ".htm")):
            end = (page_address(file), "")
        elif way:
            _note_target(made[way[-1]], owners, held, prefix, problems)
        for each in reversed(way):  # as browsers do: the last anchor on the way is the one that counts
            end = (end[0], end[1] or made[each].anchor) if end else None
            ends[each] = end
    for file, move in made.items():
        if (found := ends[file]) is not None:
            yield Redirect(move.path, *found)


def _note_circle(members: list[Move], problems: Problems) -> None:
    first = min(range(len(members)), key=lambda index: members[index].mark)
    ring = [*members[first:], *members[:first]]
    way = " → ".join([*(f"/{each.path} ({_place(each.mark)})" for each in ring), f"/{ring[0].path}"])
    hint = "let one of them lead to a page, or delete it"
    problems.add(ring[0].mark, Code.A001_REDIRECT_CIRCLE, f"redirects lead in a circle: {way}", hint)


def _note_target(
    move: Move, owners: Mapping[str, str], held: Mapping[str, Article], prefix: str, problems: Problems
) -> None:
    if (article := held.get(move.target)) is not None:
        hint = f"{prefix}{article.src_uri} will have this address, but only once it is published"
    else:
        pages = [f"/{page_address(file)}" for file in owners if file.endswith((".html", ".htm"))]
        hint = did_you_mean(f"/{move.target}", pages) or "write the path of a page, exactly as in its address"
    mark = move.target_mark or move.mark
    problems.add(mark, Code.A002_REDIRECT_TARGET, f"{quote(f'/{move.target}')} is not a page of this site", hint)


def _parents(path: str) -> Iterator[str]:
    """The folders that *path* lies in, the innermost first."""
    while (path := path.rpartition("/")[0]) != "":
        yield path


def _place(mark: Mark) -> str:
    return f"{mark.path}:{mark.line}:{mark.column}"
