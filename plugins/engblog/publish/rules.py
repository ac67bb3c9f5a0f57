"""The rules for replacing the live site, as functions of values that other modules gather.

The checks are generators of :class:`~engblog.contract.waivers.Refusal`; they use neither disk nor network.
:mod:`engblog.publish.deploy` gathers the values and acts on the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from engblog.contract.waivers import Check, Refusal
from engblog.model.urls import page_address
from engblog.outputs.cards.card import FOLDER as CARDS
from engblog.outputs.cards.card import card_path
from engblog.publish.differences import SourceChange, remedies

History = Literal["one", "keep"]
"""``one``: the pages branch is always a single commit; ``keep``: each deployment is appended."""

PREVIOUS = "refs/engblog/previous"
"""The ref on the remote for the deployment before the live one."""
CNAME = "CNAME"
"""The file that tells GitHub Pages the custom domain."""
NOT_JEKYLL = ".nojekyll"
"""The file that keeps GitHub Pages from running Jekyll over the site."""

_NAMED = 8
"""The number of items that a message names before it counts the rest."""
_LIST_PAGE = re.compile(r"(^|/)page/\d+/index\.html$")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_GITHUB = re.compile(r"(?:^|[/@.])github\.com(?::\d+)?[:/]++([^/:]++)/([^/:]+?)(?:\.git)?/?$", re.IGNORECASE)
_SOURCES = frozenset({"mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "_config.yml", "pyproject.toml", "package.json"})
_BARE = frozenset({CNAME, NOT_JEKYLL, "README.md", "README", "LICENSE", ".gitignore"})


@dataclass(frozen=True, slots=True)
class Blob:
    """The content of a file, by the name that git gives it."""

    oid: str
    size: int
    """Bytes."""


Files = Mapping[str, Blob]
"""A site's files by path from its root, with slashes."""


@dataclass(frozen=True, slots=True)
class Work:
    """The repository that a site is built from."""

    commit: str
    branch: str | None
    """None when ``HEAD`` is detached."""
    changes: tuple[SourceChange, ...] = ()
    """Files that a build reads differently from the commit."""
    upstream: str | None = None
    """The commit of the same branch on the remote; None when the remote has no such branch."""
    ahead: int = 0
    """Commits that only this repository has."""
    behind: int = 0
    """Commits that only the remote has."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One deployment: a commit of the pages branch."""

    commit: str
    date: str
    """Its date, ``2026-11-20 09:00 UTC``."""
    by: str
    subject: str
    source: str | None = None
    """The commit that it says it was built from, whole or abbreviated."""

    def __str__(self) -> str:
        """Its name in messages."""
        built = f", built from {self.source[:10]}" if self.source else ""
        return f"{self.commit[:10]} of {self.date} by {self.by}{built}"


@dataclass(frozen=True, slots=True)
class Live:
    """The state of the pages branch on the remote; without a deployment, it does not exist yet."""

    deployed: Deployed | None
    files: Files
    cname: str | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """The target of a deployment."""

    site_url: str
    source_branch: str
    pages_branch: str
    remote: str
    """The remote's name."""
    address: str
    """The remote's address, without credentials."""
    cname: str | None = None
    """The custom domain that the sources name."""
    other_branch: str = "set `remote_branch` in mkdocs.yml"
    """The options that name another pages branch."""


def before_build(aim: Aim, work: Work, live: Live, *, force: bool, dirty_build: bool) -> Iterator[Refusal]:
    """Every reason not to deploy that can be found before a build."""
    if force:
        hint = "leave it out: the push is guarded by a lease and needs no force"
        yield Refusal(Check.FORCE, "--force would overwrite what somebody else deployed", hint)
    if dirty_build:
        hint = "leave it out: only a complete build can be compared with the live site"
        yield Refusal(Check.DIRTY_BUILD, "--dirty renders only what changed and keeps deleted pages", hint)
    yield from unclean(work)
    yield from _branch(aim, work)
    yield from _foreign(aim, live)
    yield from _addresses(aim, live)


def unclean(work: Work) -> Iterator[Refusal]:
    """Refuse sources that differ from the commit that the deployment would name."""
    if work.changes:
        named = _some(tuple(str(change) for change in work.changes))
        message = f"the sources differ from commit {work.commit[:10]}: {named}"
        yield Refusal(Check.DIRTY_TREE, message, "\n    ".join(remedies(work.changes)))


def _branch(aim: Aim, work: Work) -> Iterator[Refusal]:
    if work.branch is None:
        message = f"HEAD is at {work.commit[:10]}, not on a branch"
        yield Refusal(Check.DETACHED_HEAD, message, f"run: git switch {aim.source_branch}")
    elif work.branch != aim.source_branch:
        message = f"this is the branch {work.branch!r}, but the site is deployed from {aim.source_branch!r}"
        hint = f"merge it and run: git switch {aim.source_branch}; or set the plugin's option `deploy_branch`"
        yield Refusal(Check.WRONG_BRANCH, message, hint)
    name = work.branch or aim.source_branch
    there = f"{aim.remote}/{name}"
    pull, push = f"git pull --ff-only {aim.remote} {name}", f"git push {aim.remote} {name}"
    if work.upstream is None:
        message = f"{aim.remote} has no branch {name!r}, so readers could not find the sources of what they read"
        yield Refusal(Check.NOT_UP_TO_DATE, message, f"run: {push}")
    elif work.ahead and work.behind:
        message = f"this branch and {there} have diverged: {_count(work.ahead, 'commit')} here, {work.behind} there"
        yield Refusal(Check.NOT_UP_TO_DATE, message, f"bring them together and push: git pull --rebase, then {push}")
    elif work.behind:
        message = f"{there} is {_count(work.behind, 'commit')} ahead: their pages would vanish from the site"
        yield Refusal(Check.NOT_UP_TO_DATE, message, f"run: {pull}")
    elif work.ahead:
        message = f"{_count(work.ahead, 'commit')} of this branch {_are(work.ahead)} not on {there}"
        yield Refusal(Check.NOT_UP_TO_DATE, message, f"run: {push}")


def _foreign(aim: Aim, live: Live) -> Iterator[Refusal]:
    if found := no_site(live.files):
        message = f"{aim.remote}/{aim.pages_branch} holds something other than a built site: {found}"
        yield Refusal(Check.FOREIGN_BRANCH, message, f"deploy to a separate branch: {aim.other_branch}")


def no_site(files: Files) -> str | None:
    """Say why *files* are not a built site; None if they are one. An empty branch, or one with only the domain, is
    waiting for a site and counts as one."""
    top = {path.partition("/")[0] for path in files}
    if sources := sorted(top & _SOURCES):
        return f"it has {', '.join(sources)}"
    return None if top <= _BARE or "index.html" in top else "it has no index.html"


def _addresses(aim: Aim, live: Live) -> Iterator[Refusal]:
    """Refuse to lose a live custom domain, or to deploy a site with the wrong address."""
    host, path = _host_and_path(aim.site_url)
    given, found = aim.cname, live.cname
    branch = f"{aim.remote}/{aim.pages_branch}"
    if not host:
        hint = "set it to where the site lives: https://example.org/ or https://owner.github.io/repository/"
        yield Refusal(Check.SITE_URL, "`site_url` in mkdocs.yml is not set, or is not an address", hint)
    if given is not None and not _HOST.fullmatch(given):
        yield Refusal(
            Check.CNAME, f"CNAME says {given!r}, which is not a domain", "write one domain, such as example.org"
        )
        return
    if given and found and given.casefold() != found.casefold():
        message = f"the sources' CNAME says {given}, but the live site's says {found}"
        hint = (
            f"use one of them: write {found} into docs/CNAME, or change the domain in the repository's Pages settings"
        )
        yield Refusal(Check.CNAME, message, hint)
    if not given and found and host.casefold() != found.casefold():
        message = f"{branch} serves the domain {found}, but `site_url` is {aim.site_url}"
        hint = f"set site_url to https://{found}/, or put docs/CNAME back; if you waive this, the site loses the domain"
        yield Refusal(Check.CNAME, message, hint)
    domain = given or (found if found and host.casefold() == found.casefold() else None)
    if not host:
        return
    if domain:
        if host.casefold() != domain.casefold() or path != "/":
            message = f"`site_url` is {aim.site_url}, but CNAME says that the site is at https://{domain}/"
            yield Refusal(Check.SITE_URL, message, f"write: site_url: https://{domain}/")
        return
    expected = None if found else github_pages(aim.address)
    if expected and (host.casefold(), path.casefold()) != _folded(expected):
        message = f"`site_url` is {aim.site_url}, but GitHub Pages serves {aim.address} at {expected}"
        hint = f"write: site_url: {expected}; if you have your own domain, write it into docs/CNAME as well"
        yield Refusal(Check.SITE_URL, message, hint)


def kept_cname(aim: Aim, live: Live) -> str | None:
    """The custom domain that only the pages branch has, and that the new site will keep."""
    host, _ = _host_and_path(aim.site_url)
    agreed = not aim.cname and live.cname and live.cname.casefold() == host.casefold()
    return live.cname if agreed else None


def built_domain(built: str | None, agreed: str | None) -> Iterator[Refusal]:
    """Refuse a built site whose custom domain differs from the one that the preflight accepted."""
    if (built or "").casefold() != (agreed or "").casefold():
        message = f"the built site's CNAME says {built or 'nothing'}, but it should say {agreed or 'nothing'}"
        hint = "the build must copy docs/CNAME unchanged: check `exclude_docs`, hooks and plugins in mkdocs.yml"
        yield Refusal(Check.CNAME, message, hint)


def read_cname(data: bytes) -> str:
    """The content of a CNAME file; if it has more than the one line allowed, they are joined by spaces."""
    return " ".join(data.decode("utf-8-sig", "replace").split())


def github_pages(address: str) -> str | None:
    """The address at which GitHub Pages serves the repository at *address* without a domain; None for another host."""
    found = _GITHUB.search(address)
    if found is None:
        return None
    owner, repository = found[1].lower(), found[2]
    lead = f"https://{owner}.github.io/"
    return lead if repository.lower() == f"{owner}.github.io" else f"{lead}{repository}/"


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes that a deployment makes to the live site. Pages are addresses from its root, ``/articles/…/``."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    redirected: tuple[str, ...]
    """Pages that become a redirect."""
    vanished: tuple[str, ...]
    """Pages that disappear without a redirect, except for pages of lists, ``…/page/2/``."""
    feeds_lost: tuple[str, ...]
    """Feeds that disappear although their page stays."""
    cards_lost: tuple[str, ...]
    """Paths of cards that disappear, except for those of articles that disappear themselves."""
    files_added: int
    files_changed: int
    files_removed: int
    bytes: int
    """Total size of new and changed files."""
    pages_live: int
    pages_built: int
    articles: int

    def summary(self) -> str:
        """The numbers in one line."""
        kinds = ("added", "changed", "redirected", "vanished")
        pages = ", ".join(f"{len(getattr(self, kind))} {kind}" for kind in kinds)
        fewer = self.pages_live - self.pages_built
        less = f", {fewer} fewer than live" if fewer > 0 else ""
        return (
            f"{_count(self.articles, 'article')}, {_count(self.pages_built, 'page')}{less}: {pages}; other files: "
            f"{self.files_added} added, {self.files_changed} changed, {self.files_removed} removed; "
            f"{self.bytes / 1024:.1f} KB new"
        )

    def lines(self) -> Iterator[str]:
        """Each page that changes, after ``+``, ``~``, ``>`` or ``-``."""
        for sign, pages in (("+", self.added), ("~", self.changed), (">", self.redirected), ("-", self.vanished)):
            yield from (f"  {sign} {page}" for page in pages)


def compare(live: Files, built: Files, *, redirects: frozenset[str], articles_dir: str) -> Changes:
    """Compare *live* with *built*, its replacement; *redirects* are the files of *built* that redirect."""
    is_article = re.compile(rf"{re.escape(articles_dir)}/\d{{4}}/\d\d/\d\d/[^/]+/index\.html")
    pages = {path for path in built if _is_page(path)}
    before = {path for path in live if _is_page(path)}
    differ = {path for path in live.keys() & built.keys() if live[path].oid != built[path].oid}
    new = built.keys() - live.keys()
    gone = live.keys() - built.keys()
    stay = pages - redirects
    cards_gone = {card_path(page_address(path)) for path in before - stay}
    return Changes(
        added=_addresses_of(new & pages),
        changed=_addresses_of((differ & pages) - redirects),
        redirected=_addresses_of(differ & pages & redirects),
        vanished=_addresses_of(path for path in gone & before if not _LIST_PAGE.search(path)),
        feeds_lost=_addresses_of(path for path in gone if _FEED.fullmatch(path) and _folder_page(path) in stay),
        cards_lost=tuple(sorted(path for path in gone - cards_gone if _CARD.fullmatch(path))),
        files_added=len(new - pages),
        files_changed=len(differ - pages),
        files_removed=len(gone - before),
        bytes=sum(built[path].size for path in new | differ),
        pages_live=len(before),
        pages_built=len(pages),
        articles=sum(1 for path in pages - redirects if is_article.fullmatch(path)),
    )


def after_build(changes: Changes, live: Files, built: Files, *, articles_dir: str) -> Iterator[Refusal]:
    """Every reason not to push the built site."""
    if no_site(live) is None:
        yield from _vanished(changes, articles_dir)
    yield from _missing(live, built)
    if changes.feeds_lost and any(_FEED.fullmatch(path) for path in built):
        message = f"{_count(len(changes.feeds_lost), 'feed')} would disappear: {_some(changes.feeds_lost)}"
        yield Refusal(
            Check.MISSING_OUTPUT, message, "keep them: their subscribers would never hear from the site again"
        )


def _vanished(changes: Changes, articles_dir: str) -> Iterator[Refusal]:
    if not changes.vanished:
        return
    # The page of a lab moves with its article.
    gone = [page for page in changes.vanished if page.removesuffix("lab/") not in {*changes.vanished} - {page}]
    lead = f"/{articles_dir}/"
    new = [page for page in changes.added if page.startswith(lead) and not page.endswith("/lab/")]
    lone = sum(page.startswith(lead) for page in gone) == 1
    lines = [_remedy(page, new, lone=lone) if page.startswith(lead) else _line(page) for page in gone[:_NAMED]]
    if (more := len(gone) - _NAMED) > 0:
        lines.append(f"and {more} more")
    count = f"{len(changes.vanished)} of {_count(changes.pages_live, 'live page')}"
    message = f"{count} would vanish without a redirect:"
    hint = "other sites may link to them; such a line makes a redirect page, and `engblog move` writes it for you"
    yield Refusal(Check.VANISHED_PAGES, "\n    ".join([message, *lines]), hint)


def _remedy(page: str, new: list[str], *, lone: bool) -> str:
    """The remedy for the article at *page*, which is gone; *new* are the added articles, and *lone* says that it is the
    only one that is gone."""
    alias = f"`aliases: [{page}]`"
    moved = [each for each in new if each.rsplit("/", 2)[1] == page.rsplit("/", 2)[1]]
    if len(moved) == 1:
        return f"{page} seems to have moved to {moved[0]}: write {alias} into that article's front matter"
    if lone and len(new) == 1:
        return f"{page} is no longer built; if it is {new[0]} now, write {alias} into that article's front matter"
    return f"{page} is no longer built: bring it back, or write {alias} into the article that replaces it"


def _line(page: str) -> str:
    return f"{page} is no longer built: write `{page}: /where/its/readers/go/` into docs/redirects.yml"


def lost_cards(changes: Changes, built: Files, aim: Aim) -> Iterator[Refusal]:
    """Refuse to lose cards to which shared links refer, unless the site has none at all any more, which
    :func:`after_build` refuses."""
    lost = changes.cards_lost
    if not lost or not any(_CARD.fullmatch(path) for path in built):
        return
    message = f"{_count(len(lost), 'card')} would disappear: {_some(lost)}"
    what = " ".join(lost) if len(lost) <= _NAMED else CARDS
    hint = (
        "links that were shared show these pictures. To keep them, run this in the folder of mkdocs.yml and commit the "
        f"files: git fetch {aim.remote} {aim.pages_branch} && git archive FETCH_HEAD {what} | tar -x -C docs"
    )
    yield Refusal(Check.MISSING_OUTPUT, message, hint)


_CARD = re.compile(rf"{CARDS}/.+\.png")
_FEED = re.compile(r"(.*/)?(feed[^/]*|rss|atom)\.(xml|json)")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("the home page", re.compile(r"index\.html")),
    ("the sitemap", re.compile(r"sitemap\.xml")),
    ("the search index", re.compile(r"search/base\.json")),
    ("the search engine", re.compile(r"search/engine\.mjs")),
    ("feeds", _FEED),
    ("cards", _CARD),
)
_ALWAYS = 4
"""The number of kinds that every site must have; the others must exist only if the live site has them."""


def _missing(live: Files, built: Files) -> Iterator[Refusal]:
    for number, (name, pattern) in enumerate(_KINDS):
        if any(pattern.fullmatch(path) for path in built):
            continue
        had = sum(1 for path in live if pattern.fullmatch(path))
        if number < _ALWAYS or had:
            message = f"the build has no {name.removeprefix('the ')}" + (f"; the live site has {had}" if had else "")
            hint = (
                "a plugin failed without stopping the build: read the build's log, and check the plugins in mkdocs.yml"
            )
            yield Refusal(Check.MISSING_OUTPUT, message, hint)


def counts(built: Files) -> str:
    """The number of files of each kind, in one line."""
    return ", ".join(
        f"{name.removeprefix('the ')}: {sum(1 for path in built if pattern.fullmatch(path))}"
        for name, pattern in _KINDS[2:]
    )


def find_deployment(wanted: str, known: tuple[Deployed, ...]) -> Deployed | None:
    """The newest of *known* that *wanted* names by its own commit or by the one it was built from, full or
    abbreviated."""
    folded = wanted.casefold()
    if not re.fullmatch("[0-9a-f]{4,64}", folded):
        return None
    for each in known:
        if each.commit.startswith(folded):
            return each
    for each in known:
        if each.source and (each.source.startswith(folded) or folded.startswith(each.source)):
            return each
    return None


_TRAILER = re.compile(r"^Source-Commit: ([0-9a-f]{7,64})\b", re.MULTILINE)
_MKDOCS = re.compile(r"^Deployed ([0-9a-f]{7,64}) with MkDocs version")


def source_of(message: str) -> str | None:
    """The source commit that a deployment's *message* names; MkDocs' own messages are understood as well."""
    if trailers := _TRAILER.findall(message):
        return str(trailers[-1])  # ours is the last one, whatever the message contains before it
    found = _MKDOCS.search(message)
    return found[1] if found else None


def commit_message(subject: str, source: str, articles: int, *, clean: bool) -> str:
    """The whole message of a deployment's commit."""
    note = "" if clean else "\nThe sources had changes that are not in this commit.\n"
    return f"{subject.strip()}\n{note}\nSource-Commit: {source}\nArticles: {articles}\n"


def _is_page(path: str) -> bool:
    return path.endswith(".html")


def _addresses_of(paths: Iterator[str] | set[str]) -> tuple[str, ...]:
    return tuple(sorted(f"/{page_address(path)}" for path in paths))


def _folder_page(path: str) -> str:
    """The page of the folder that contains the file *path*."""
    return f"{path.rpartition('/')[0]}/index.html".removeprefix("/")


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", f"{parts.path.rstrip('/')}/"
    except ValueError:
        return "", "/"


def _folded(url: str) -> tuple[str, str]:
    host, path = _host_and_path(url)
    return host.casefold(), path.casefold()


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
