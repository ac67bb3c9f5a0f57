"""Checks that the search index has every article, complete."""

from __future__ import annotations

from collections.abc import Iterator

from engblog.contract.finding import Finding, in_file
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication, Tree
from engblog.outputs.search.base import PATH as BASE
from engblog.outputs.search.base import BaseError, article_key, read_base
from engblog.outputs.search.parts import FOLDER, is_named


def wrong_search(publication: Publication, tree: Tree) -> Iterator[Finding]:
    """A search index that does not have every article, complete."""
    hint = "something removed or changed a file below /search/ after the build wrote it"
    files = frozenset(tree.paths)
    if BASE not in files:
        yield in_file(Code.P005_SEARCH, BASE, "there is no search index", hint)
        return
    data = tree.read(BASE)
    try:
        base = read_base(data)
    except BaseError as error:
        message = f"the search index cannot be read: {quote(str(error), 120)}"
        yield in_file(Code.P005_SEARCH, BASE, message, hint)
        return
    rows = [(row.title, row.address) for row in base.articles if row.day]
    expected = [article_key(article) for article in publication.site.articles]
    for title, url in sorted(set(expected) - set(rows)):
        message = f"{quote(title)} ({url}) is not in the search index"
        yield in_file(Code.P005_SEARCH, BASE, message, hint, "gone", about=f"{url}index.html")
    for title, url in sorted(set(rows) - set(expected)):
        yield in_file(Code.P005_SEARCH, BASE, f"{quote(title)} ({url}) is not an article", hint, "more")
    if len(rows) != len(expected):
        message = f"the search index has {len(rows)} records for {len(expected)} articles"
        yield in_file(Code.P005_SEARCH, BASE, message, hint)
    for path in sorted(base.parts - files):
        yield in_file(Code.P005_SEARCH, BASE, f"it names {path}, which is not there", hint)
    for path in tree.paths:
        if path.startswith(FOLDER) and path not in base.parts:
            yield in_file(Code.P005_SEARCH, path, "the search index does not name this file", hint)
        elif path in base.parts and not is_named(path, tree.read(path)):
            yield in_file(Code.P005_SEARCH, path, "it differs from the file that the build wrote", hint)
