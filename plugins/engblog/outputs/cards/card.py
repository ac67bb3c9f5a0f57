"""Cards: the picture shown with a link to an article or to the whole site.

Here a card is a value: its words and their places. :mod:`engblog.disk.cards` draws it. Its file is named after the
address at which its article was first published, because whoever shared a link has noted the address of the picture,
too: no edit of an article and no move may take that away.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass

from engblog.model.article import Article
from engblog.model.publication import Identity
from engblog.model.site import Redirect
from engblog.model.text import long_date, slugify

WIDTH, HEIGHT = 1200, 630
"""Size in pixels, 1.91 to 1, as readers of Open Graph and Twitter's large card ask for."""

FOLDER = "assets/cards"
"""The folder of cards, from the site's root."""

DESIGN = 2
"""Version of the design. Increase it when cards with the same content should look different; their versions change with
it."""

_ACCENT = "vermilion"
"""The accent if a category names none, as in tokens.css."""
_TOKEN = re.compile(r"(?<![a-z-])--([a-z-]++):\s*light-dark\((#[0-9a-f]{6}),\s*#[0-9a-f]{6}\)")
_INKS = {"ink": "ink", "muted": "muted", "rule": "rule"}
_PLAIN = str.maketrans("‐‑‒―′″μ\u00a0\u2007\u2009\u200a\u202f", "--–—’”µ     ")
"""Characters that our typefaces lack, and their replacements."""


class CardError(Exception):
    """A card cannot be made; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Card:
    """The content of a card. Two cards with the same words are the same picture."""

    site: str
    title: str
    alt: str
    """The text on it, for readers who cannot see it."""
    accent: str = _ACCENT
    kicker: tuple[str, ...] = ()
    """Category and subcategory."""
    byline: tuple[str, ...] = ()
    """The authors and the date."""
    text: str = ""
    """A sentence below the title."""
    minutes: int = 0
    tests: int = 0
    """The number of tests that verify the article; 0 for none, or if its lab has changed since they ran."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of the site by day, ``#rrggbb`` by name, from the tokens of its style sheet."""

    colours: Mapping[str, str]

    @property
    def accents(self) -> tuple[str, ...]:
        """Every name that can be a category's accent."""
        return tuple(name for name in self.colours if name not in {"paper", *_SHADES})

    def inks(self, accent: str) -> dict[str, str]:
        """The colours of a card by the name of the ink. Raises :class:`CardError` for an unknown accent."""
        if accent not in self.colours:
            raise CardError(
                f"the accent {accent!r} is not a colour of tokens.css; choose from: {', '.join(self.accents)}"
            )
        return {name: self.colours[token] for name, token in _INKS.items()} | {"accent": self.colours[accent]}


_SHADES = frozenset({"wash", "code-paper", "ink", "muted", "ornament", "rule", "rule-strong", "bad"})


def read_palette(css: str) -> Palette:
    """The colours that *css*, the site's ``tokens.css``, defines. Raises :class:`CardError` where one is missing."""
    colours = dict(_TOKEN.findall(css))
    if missing := sorted({"paper", _ACCENT, *_INKS.values()} - colours.keys()):
        raise CardError(f"tokens.css does not define --{missing[0]} as light-dark(#rrggbb, #rrggbb)")
    return Palette(colours)


def article_card(article: Article, site: str) -> Card:
    """The card of *article* on the site called *site*."""
    people = ", ".join(person.name for person in article.authors[:3])
    if len(article.authors) > 3:
        people = f"{article.authors[0].name} and {len(article.authors) - 1} others"
    category = [article.category.name, *([article.subcategory.name] if article.subcategory else [])]
    title = clean(article.title)
    return Card(
        site=clean(site),
        title=title,
        alt=f"{title} · {clean(site)}",
        accent=article.category.accent or _ACCENT,
        kicker=tuple(clean(each) for each in category),
        byline=(clean(people), long_date(article.published.day)),
        minutes=article.minutes,
        tests=len(article.lab.tests) if article.lab and article.lab.in_step else 0,
    )


def site_card(identity: Identity, hero: Mapping[str, object]) -> Card:
    """The card of every page other than an article; *hero* is the front matter of the home page."""
    headline = clean(str(hero.get("headline") or identity.name))
    tagline = clean(str(hero.get("description") or identity.description))
    kicker = clean(str(hero.get("kicker") or ""))
    return Card(
        site=clean(identity.name),
        title=headline,
        alt=f"{headline} {tagline}".strip() if headline == clean(identity.name) else f"{headline} · {identity.name}",
        kicker=(kicker,) if kicker else (),
        byline=(clean(identity.url.partition("://")[2].rstrip("/")),),
        text=tagline,
    )


def digest(card: Card, materials: str) -> str:
    """A digest of everything that affects the look of *card*: its words, the design, and *materials*, a digest of
    typefaces and colours."""
    text = json.dumps([DESIGN, materials, astuple(card)], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


SITE_CARD = f"{FOLDER}/site.png"
"""The path of the site's card from its root."""

_DIGITS = 8
_LONGEST_NAME = 100
_DATED = re.compile(r"(?:.+/)?\d{4}/\d\d/\d\d/[^/]+/")
"""The form of an article's address."""


def card_path(address: str) -> str:
    """The path, from the site's root, of the card of the article that was once at *address*, a path from there as well.

    Its name is the last part of the address, for people, and a digest of the whole, because a later article may have
    the same slug.
    """
    name = slugify(address.rstrip("/").rpartition("/")[2])
    known = hashlib.sha256(address.encode()).hexdigest()[:_DIGITS]
    lead = f"{name[:_LONGEST_NAME].strip('-')}-" if name and name.isascii() else ""
    return f"{FOLDER}/{lead}{known}.png"


def card_address(path: str, card: Card, materials: str) -> str:
    """The address of *card* at *path*, from the site's root. Social networks cache a picture by its address, so a card
    that looks different gets a different query; the file answers whatever the query is."""
    return f"{path}?v={digest(card, materials)[:_DIGITS]}"


def card_paths(articles: Collection[Article], redirects: Iterable[Redirect]) -> dict[str, tuple[str, ...]]:
    """The paths of the card of each of *articles*, by ``src_uri``; pages refer to the first.

    The others are those that an article's card may have had: by its address, and by each old address that redirects to
    it and has the form of an article's. Two articles never have the same path.
    """
    by_url = {article.url: article.src_uri for article in articles}
    old = [
        (each.path, by_url[each.target]) for each in redirects if each.target in by_url and _DATED.fullmatch(each.path)
    ]
    owners = {card_path(article.first_url): article.src_uri for article in articles}
    for address, source in (*by_url.items(), *old):
        owners.setdefault(card_path(address), source)
    found: dict[str, tuple[str, ...]] = {}
    for path, source in owners.items():
        found[source] = (*found.get(source, ()), path)
    return found


def clean(text: str) -> str:
    """*text* on one line, composed, without invisible characters, and with replacements for some that no typeface
    has."""
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    seen = (" " if unicodedata.category(each) == "Cc" else each for each in composed)
    return " ".join("".join(each for each in seen if unicodedata.category(each) != "Cf").split())
