"""The cards of a build, planned before its pages, which refer to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.disk.cards import STYLE, CardMaker
from engblog.model.article import Article
from engblog.model.publication import Identity
from engblog.outputs.cards.card import HEIGHT, WIDTH, Card, CardError, article_card, site_card
from engblog.pages.shared import Data


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of a site, with the maker that draws them."""

    of: Mapping[str, Card]
    """By article's ``src_uri``; the site's own under the empty key."""
    maker: CardMaker


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


def pictures_of(cards: Cards | None, identity: Identity) -> dict[str, dict[str, Any]]:
    """The data of cards for pages, by the same keys; empty if there are no cards."""
    if cards is None:
        return {}
    return {owner: card_data(card, cards.maker.path(card), identity) for owner, card in cards.of.items()}


def _theme_with_cards(config: MkDocsConfig) -> Path:
    """The theme's folder with the materials of cards: the first that has them, as for templates."""
    folders = [Path(folder) for folder in config.theme.dirs]
    return next((folder for folder in folders if (folder / STYLE).is_file()), folders[0])


def card_data(card: Card, path: str, identity: Identity) -> Data:
    """The data of a page's card: ``url`` from the site's root, ``src``, the absolute address (empty if the site has no
    address), a description of the picture, and its size."""
    src = identity.absolute(path) if identity.url else ""
    return {"url": path, "src": src, "alt": card.alt, "width": WIDTH, "height": HEIGHT}
