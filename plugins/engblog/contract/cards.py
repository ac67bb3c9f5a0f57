"""Checks that every article has a picture that represents it where it is shared."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any

from engblog.contract.finding import Finding
from engblog.html.links import Addresses, Where
from engblog.html.page import ReadPage
from engblog.model.packed import PNG_SIGNATURE
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication, Tree

CARD_SIZE = (1200, 630)
"""Width and height, in pixels, of the picture that represents an article where it is shared."""


def wrong_cards(
    publication: Publication, tree: Tree, documents: Mapping[str, ReadPage], addresses: Addresses, *, needed: bool
) -> Iterator[Finding]:
    """Articles without the picture that represents them where they are shared.

    Unless they are *needed*, it is enough that either all articles have one or none has.
    """
    pages = [
        (article, path, document)
        for article in publication.site.articles
        if (document := documents.get(path := f"{article.url}index.html")) is not None
    ]
    needed = needed and bool(publication.identity.url)  # the address of a card is a whole one
    if not needed and all(document.named("meta og:image") is None for _, _, document in pages):
        return
    owners = dict.fromkeys(_card_of("index.html", documents, addresses), ("the site", "index.html"))
    for article, path, document in pages:
        named = document.named("meta og:image")
        if named is None:
            message = f"{quote(article.title)} has no card: the page has no og:image"
            yield Finding(Code.P011_CARD, path, None, message, "give each article its own card", "none")
            continue
        target = addresses.target(path, named.address)
        if target.where is not Where.SITE or not target.found:
            message = f"the card of {quote(article.title)} does not exist: {named.address}"
            yield Finding(Code.P011_CARD, path, named.place, message, "a card must be a file of the site", "gone")
            continue
        other, page = owners.setdefault(target.path, (article.title, path))
        if page != path:
            message = f"{quote(article.title)} shows the card of {quote(other)}"
            hint = "give each article its own card"
            yield Finding(Code.P011_CARD, path, named.place, message, hint, "shared", page)
        if said := _wrong_png(tree.read(target.path)):
            message = f"the card {target.path} {said}"
            width, height = CARD_SIZE
            yield Finding(
                Code.P011_CARD, path, named.place, message, f"a card must be a PNG of {width}×{height}", "picture"
            )


def _card_of(path: str, documents: Mapping[str, ReadPage], addresses: Addresses) -> Iterator[str]:
    document = documents.get(path)
    if document is not None and (named := document.named("meta og:image")) is not None:
        yield addresses.target(path, named.address).path


def _wrong_png(data: bytes) -> str:
    """Describe a fault in a card's file. PNG, third edition: the signature, then IHDR, and IEND comes last."""
    if not data.startswith(PNG_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        return "is not a PNG"
    size: tuple[Any, ...] = struct.unpack(">II", data[16:24])
    if size != CARD_SIZE:
        return f"is {size[0]}×{size[1]}"
    return "" if data.endswith(b"IEND\xaeB`\x82") else "is truncated"
