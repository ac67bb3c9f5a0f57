"""Gives pages an estimate of the size that readers save there, because they show it before the files exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from mkdocs.structure.files import File, Files

from engblog.hosts.mkdocs.render import Rendered
from engblog.html.sections import Section
from engblog.model.article import Article
from engblog.model.kinds import CATEGORY
from engblog.model.site import Site, View
from engblog.outputs.offline import Weight, index_bytes, is_shell, shown_pictures

_PAGE_BYTES, _ROW_BYTES = 17_500, 500
"""Estimated bytes of a page besides its text, and of a row of a list."""


def tell_weights(site: Site, views: Sequence[View], rendered: Rendered, files: Files, language: str) -> None:
    """Put ``offline`` into the dicts of the pages of all articles of *site* and of its categories."""
    by_address = {file.dest_uri: file for file in files}
    texts = sum(map(_text_bytes, rendered.texts.values()))
    first = index_bytes(texts, len(site.articles), english=language.startswith("en")) + 2 * _PAGE_BYTES
    first = coarse(first + sum(_file_bytes(file) for path, file in by_address.items() if is_shell(path)))
    own = {article.url: _article_bytes(article, rendered, by_address) for article in site.articles}
    for article in site.articles:
        _tell(by_address[f"{article.url}index.html"], article.url, Weight(own[article.url], first))
    of_category: dict[str, int] = {}
    for view in views:
        if view.category is not None:  # a category is saved with the pages of its subcategories
            key = view.key.partition("/")[0]
            rows = len(view.articles) * _ROW_BYTES
            inner = sum(own[article.url] for article in view.articles) if view.kind is CATEGORY else 0
            of_category[key] = of_category.get(key, 0) + _PAGE_BYTES + rows + inner
    for view in views:
        if view.kind is CATEGORY:
            weight = Weight(of_category[view.key], first, view.total)
            _tell(by_address[f"{view.url}index.html"], view.base_url, weight)


def coarse(size: int) -> int:
    """*size*, an estimate that every article's page shows, to within two percent: an edit of one article should not
    change the pages of the others."""
    step = 1 << max(0, size.bit_length() - 6)
    return (size + step // 2) // step * step


def _tell(file: File, url: str, weight: Weight) -> None:
    if file.page is not None:
        file.page.meta["view"]["offline"] = {"url": url, **asdict(weight)}


def _article_bytes(article: Article, rendered: Rendered, by_address: Mapping[str, File]) -> int:
    """Estimate the bytes of *article*, with its lab page, its pictures and its texts in the search."""
    body = rendered.bodies[article.src_uri]
    shown = [by_address[path] for path in shown_pictures(article.url, body).values() if path in by_address]
    beside = _lab_bytes(article, by_address) + _text_bytes(rendered.texts[article.src_uri])
    return len(body.encode()) + _PAGE_BYTES + beside + sum(map(_file_bytes, shown))


def _lab_bytes(article: Article, by_address: Mapping[str, File]) -> int:
    file = by_address.get(f"{article.url}lab/index.html")
    if article.lab is None or file is None or file.page is None:
        return 0
    tests = file.page.meta["view"]["lab"]["tests"]
    code = (file.page.content or "") + "".join(test["code"] or "" for test in tests)
    return len(code.encode()) + _PAGE_BYTES + (2 * len(tests) + len(article.lab.numbers)) * _ROW_BYTES


def _text_bytes(sections: tuple[Section, ...]) -> int:
    return sum(len(section.text.encode()) for section in sections)


def _file_bytes(file: File) -> int:
    return Path(file.abs_src_path).stat().st_size if file.abs_src_path else len(file.content_bytes)
