"""The feeds that a site has, and their entries."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from urllib.parse import unquote

from engblog.html.standalone import readable
from engblog.model.article import Article, newest_first
from engblog.model.kinds import AUTHOR, CORRECTIONS
from engblog.model.publication import Publication
from engblog.model.site import View
from engblog.model.text import long_date
from engblog.model.urls import Format, files_beside
from engblog.outputs.feeds.ids import article_id, authority_date, tag_uri
from engblog.outputs.feeds.model import Author, Entry, Feed
from engblog.site.history import Corrected, all_corrections, last_change, last_written, updated_articles


def feeds_of(publication: Publication) -> Iterator[Feed]:
    """Every feed to write, the site's first. One without Atom repeats another in another order. A site without an
    address has no feeds, because they need absolute addresses."""
    if not publication.identity.url:
        return
    entries = _Entries(publication)
    yield from _site_feeds(publication, entries)
    yield _corrections_feed(publication)
    lists: dict[str, tuple[View, list[Article]]] = {}
    for view in publication.views:
        if view.kind.lists_articles and view.kind.feed_title:
            lists.setdefault(view.base_url, (view, []))[1].extend(view.articles)
    for page, (view, articles) in lists.items():
        yield _list_feed(page, view, sorted(articles, key=newest_first), publication, entries)


class _Entries:
    """An article's entries, with its text and without, each made once for all the feeds that it is in."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._made: dict[tuple[str, bool], Entry] = {}
        self._files = _Files(publication)

    def newest(self, articles: Iterable[Article], *, whole: bool) -> tuple[Entry, ...]:
        """The entries of the first of *articles*, as many as fit into a feed."""
        return self.all(islice(articles, self._publication.feed_size), whole=whole)

    def all(self, articles: Iterable[Article], *, whole: bool = True) -> tuple[Entry, ...]:
        """The entries of *articles*, with their texts if they are to be *whole*."""
        return tuple(self._of(article, whole) for article in articles)

    def _of(self, article: Article, whole: bool) -> Entry:
        if (made := self._made.get((article.src_uri, whole))) is not None:
            return made
        identity = self._publication.identity
        address = identity.whole(article.url)
        body = self._body(article, address) if whole else _opening(article, address)
        terms = [article.category, *([article.subcategory] if article.subcategory else []), *article.tags]
        entry = self._made[article.src_uri, whole] = Entry(
            id=article_id(identity.authority, article),
            url=address,
            title=article.title,
            summary=article.description,
            content=body,
            published=article.published.instant,
            updated=last_change(article).instant,
            authors=_authors(article, self._publication),
            terms=tuple(dict.fromkeys(term.name for term in terms)),
            picture=self._publication.card_pictures.get(article.src_uri),
        )
        return entry

    def _body(self, article: Article, address: str) -> str:
        body = readable(
            self._publication.body(article),
            address=address,
            root=self._publication.identity.url,
            file_address=lambda name: self._files.address(article, name),
        )
        return body + _corrections_below(article)


class _Files:
    """The addresses of files that texts set in."""

    def __init__(self, publication: Publication) -> None:
        self._identity = publication.identity
        self._urls = {_folder(article): article.url for article in publication.site.articles}
        self._hidden = {_folder(article) for article in publication.site.hidden}

    def address(self, article: Article, name: str) -> str | None:
        """The absolute address of the file that *article* calls *name*; None for a file of an article that is not
        published."""
        path = posixpath.normpath(posixpath.join(_folder(article), unquote(name)))
        folder = path
        while folder := folder.rpartition("/")[0]:
            if folder in self._hidden:
                return None
            if folder in self._urls:
                return self._identity.whole(self._urls[folder] + path.removeprefix(f"{folder}/"))
        return None if path.startswith("..") else self._identity.whole(path)


def _folder(article: Article) -> str:
    return article.src_uri.rpartition("/")[0]


def _opening(article: Article, address: str) -> str:
    """The content of an entry without the text."""
    return f'<p>{escape(article.description)}</p>\n<p><a href="{escape(address)}">{escape(article.title)}</a></p>'


def _corrections_below(article: Article) -> str:
    """The corrections below the text, as on the article's page, because a correction is part of the article."""
    if not article.corrections:
        return ""
    told = (f"<li>{long_date(each.day)}: {escape(each.text)}</li>" for each in article.corrections)
    return "\n<h2>Corrections</h2>\n<ul>\n{}\n</ul>".format("\n".join(told))


def _authors(article: Article, publication: Publication) -> tuple[Author, ...]:
    identity = publication.identity
    return tuple(Author(person.name, identity.whole(AUTHOR.url(person.key))) for person in article.authors)


def _site_feeds(publication: Publication, entries: _Entries) -> Iterator[Feed]:
    """The feed of all articles, in Atom and in the formats that a plugin has planned; and that by update, if it is
    planned. A plugin decides which articles are in them, their number and the files; all formats have the same."""
    identity, head, planned = publication.identity, publication.feed_head, publication.whole_feeds
    atom = {Format.ATOM: Format.ATOM.file}
    default = publication.site.articles[: publication.feed_size]
    for by_update, own in ((False, atom), (True, {})):
        files = {each.format: each.path for each in planned if each.by_update is by_update} | own
        chosen = next((each.articles for each in planned if each.by_update is by_update), default)
        articles = sorted(chosen, key=_latest_change_first if by_update else newest_first)
        if files:
            yield Feed(
                id=tag_uri(identity.authority, next(iter(own.values() or files.values()))),
                title=head.title or identity.name,
                description=head.description or identity.description,
                page="",
                updated=_newest(_changes(articles), publication),
                files={format_: files[format_] for format_ in Format if format_ in files},
                entries=entries.all(articles),
                logo=head.logo,
                minutes=head.minutes,
                by_update=by_update,
            )


def _latest_change_first(article: Article) -> tuple[float, str]:
    return -last_change(article).instant.timestamp(), article.slug


def _list_feed(page: str, view: View, articles: list[Article], publication: Publication, entries: _Entries) -> Feed:
    identity, files = publication.identity, files_beside(page)
    category = view.category.term.name if view.category else ""
    title = view.kind.feed_title.format(title=view.title, category=category)
    own = view.term.description if view.term else ""
    return Feed(
        folder=view.kind.feed_folder,
        id=tag_uri(identity.authority, files[Format.ATOM]),
        title=f"{title} · {identity.name}",
        description=own or view.kind.feed_description.format(title=view.title),
        page=page,
        updated=_newest(_changes(articles[: publication.feed_size]), publication),
        files=files,
        entries=entries.newest(articles, whole=publication.feed_texts.has(view.kind)),
    )


def _corrections_feed(publication: Publication) -> Feed:
    identity, site = publication.identity, publication.site
    files = files_beside(CORRECTIONS.url())
    corrections = all_corrections(site.articles)
    corrected = {(each.article.src_uri, each.correction.day) for each in corrections}
    found = [_correction(each, publication) for each in corrections]
    found += [  # an update that is a correction is listed once
        _update(article, publication)
        for article in updated_articles(site.articles)
        if article.updated and (article.src_uri, article.updated.day) not in corrected
    ]
    entries = sorted(found, key=lambda entry: (-entry.updated.timestamp(), entry.id))[: publication.feed_size]
    moments = [entry.updated for entry in entries] or [article.published.instant for article in site.articles[:1]]
    return Feed(
        id=tag_uri(identity.authority, files[Format.ATOM]),
        title=f"{CORRECTIONS.feed_title} · {identity.name}",
        description=CORRECTIONS.feed_description,
        page=CORRECTIONS.url(),
        updated=_newest(moments, publication),
        files=files,
        entries=tuple(entries),
    )


def _correction(corrected: Corrected, publication: Publication) -> Entry:
    article, text = corrected.article, corrected.correction.text
    address = f"{publication.identity.whole(article.url)}#page--{corrected.name}"
    about = f"A correction to “{_linked(article, publication)}”, published on {long_date(article.published.day)}."
    return _change(
        article, publication, corrected.name, "Correction", address, text, f"<p>{escape(text)}</p>\n<p>{about}</p>",
        corrected.instant,
    )  # fmt: skip


def _update(article: Article, publication: Publication) -> Entry:
    moment = last_written(article)
    hour = f" at {moment.at:%H:%M %Z}" if moment.at else ""
    text = f"Updated on {long_date(moment.day)}{hour}; first published on {long_date(article.published.day)}."
    about = f"<p>“{_linked(article, publication)}”</p>\n<p>{text}</p>\n<p>{escape(article.description)}</p>"
    address = publication.identity.whole(article.url)
    return _change(
        article, publication, f"updated-{moment.day.isoformat()}", "Updated", address, text, about, moment.instant
    )


def _change(
    article: Article, publication: Publication, name: str, what: str, address: str, summary: str, content: str,
    moment: datetime,
) -> Entry:  # fmt: skip
    return Entry(
        id=f"{article_id(publication.identity.authority, article)}#{name}",
        url=address,
        title=f"{what}: {article.title}",
        summary=summary,
        content=content,
        published=moment,
        updated=moment,
        authors=_authors(article, publication),
        picture=publication.card_pictures.get(article.src_uri),
    )


def _linked(article: Article, publication: Publication) -> str:
    return f'<a href="{escape(publication.identity.whole(article.url))}">{escape(article.title)}</a>'


def _changes(articles: Iterable[Article]) -> list[datetime]:
    return [last_change(article).instant for article in articles]


def _newest(moments: Iterable[datetime], publication: Publication) -> datetime:
    """The last of *moments*; for a feed without entries, the date of the site's authority."""
    first = datetime(*authority_date(publication.identity.authority), tzinfo=UTC)
    return max(moments, default=first)
