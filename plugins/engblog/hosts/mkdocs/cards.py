"""The cards of a build, planned before its pages, which refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.disk.cards import STYLE, CardMaker
from engblog.model.article import Article
from engblog.model.publication import Identity
from engblog.model.site import Redirect
from engblog.outputs.cards.card import (
    HEIGHT,
    SITE_CARD,
    WIDTH,
    Card,
    CardError,
    article_card,
    card_address,
    card_paths,
    site_card,
)
from engblog.pages.shared import Data


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of a site, with the maker that draws them."""

    of: Mapping[str, Card]
    """By article's ``src_uri``; the site's own under the empty key."""
    maker: CardMaker

    def paths(self, articles: tuple[Article, ...], redirects: Iterable[Redirect]) -> dict[str, tuple[str, ...]]:
        """The paths of each card from the site's root, by the same keys; pages refer to the first."""
        return {**card_paths(articles, redirects), "": (SITE_CARD,)}


def plan_cards(
    articles: tuple[Article, ...], identity: Identity, hero: Mapping[str, Any], config: MkDocsConfig
) -> Cards:
    """Plan the cards of *articles* and of the site; *hero* is the front page's front matter. Raises ``PluginError``."""
    try:
        maker = CardMaker(_theme_with_cards(config))
    except CardError as error:
        raise PluginError(f"cards cannot be drawn: {error}") from None
    of_articles = {article.src_uri: article_card(article, identity.name) for article in articles}
    return Cards({**of_articles, "": site_card(identity, hero)}, maker)


def pictures_of(cards: Cards | None, articles: tuple[Article, ...], identity: Identity) -> dict[str, dict[str, Any]]:
    """The data of the *cards* of *articles* and of the site for pages, by the same keys; empty if there are none."""
    if cards is None:
        return {}
    paths = cards.paths(articles, ())
    return {
        owner: card_data(card, card_address(paths[owner][0], card, cards.maker.materials), identity)
        for owner, card in cards.of.items()
    }


def _theme_with_cards(config: MkDocsConfig) -> Path:
    """The theme's folder with the materials of cards: the first that has them, as for templates."""
    folders = [Path(folder) for folder in config.theme.dirs]
    return next((folder for folder in folders if (folder / STYLE).is_file()), folders[0])


def card_data(card: Card, address: str, identity: Identity) -> Data:
    """The data of a page's card: ``url``, its *address* from the site's root, ``src``, the absolute address (empty if
    the site has none), a description of the picture, and its size."""
    src = identity.absolute(address) if identity.url else ""
    return {"url": address, "src": src, "alt": card.alt, "width": WIDTH, "height": HEIGHT}
