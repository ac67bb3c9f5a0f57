"""The cards of a build, decided on before its pages are made, which name them."""

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
    """All cards of a site, and what draws them."""

    of: Mapping[str, Card]
    """By article's ``src_uri``; the site's own under the empty key."""
    maker: CardMaker


def plan_cards(
    articles: tuple[Article, ...], identity: Identity, hero: Mapping[str, Any], config: MkDocsConfig
) -> Cards:
    """Decide on the cards of *articles* and of the site, whose front page says *hero*. Raises ``PluginError``."""
    try:
        maker = CardMaker(_theme_with_cards(config))
    except CardError as error:
        raise PluginError(f"cards cannot be drawn: {error}") from None
    of_articles = {article.src_uri: article_card(article, identity.name) for article in articles}
    return Cards({**of_articles, "": site_card(identity, hero)}, maker)


def pictures_of(cards: Cards | None, identity: Identity) -> dict[str, dict[str, Any]]:
    """What pages say of their cards, by the same keys; nothing where there are none."""
    if cards is None:
        return {}
    return {owner: card_data(card, cards.maker.path(card), identity) for owner, card in cards.of.items()}


def _theme_with_cards(config: MkDocsConfig) -> Path:
    """The theme's folder that has what cards are made of: the first, as for templates."""
    folders = [Path(folder) for folder in config.theme.dirs]
    return next((folder for folder in folders if (folder / STYLE).is_file()), folders[0])


def card_data(card: Card, path: str, identity: Identity) -> Data:
    """What a page says of its card: ``url`` from the site's root, ``src`` the whole address (empty where the site does
    not know its own), what is on it, and its size."""
    src = identity.absolute(path) if identity.url else ""
    return {"url": path, "src": src, "alt": card.alt, "width": WIDTH, "height": HEIGHT}
