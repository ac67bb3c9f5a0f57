"""``python -m benchmarks.search.indexing SITE OUT``: index the articles of a built site as the plugin does.

A process of its own, so that its processor time can be told. What the plugin has at hand, each article's HTML and
title, is taken from the pages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engblog.disk.search import search_files
from engblog.disk.tree import write_files
from engblog.html.sections import sections_of
from engblog.outputs.search import Document

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def documents(site: Path) -> Iterator[Document]:
    """The articles of *site*, in the order of their addresses."""
    for page in sorted(site.glob("articles/*/*/*/*/index.html")):
        html = page.read_text(encoding="utf-8")
        title = _TITLE.search(html)
        yield Document(
            url=page.parent.relative_to(site).as_posix() + "/",
            title=title[1] if title else "",
            sections=sections_of(html[html.find("<article") : html.rfind("</article>")]),
        )


if __name__ == "__main__":
    write_files(Path(sys.argv[2]), search_files(documents(Path(sys.argv[1]))).items())
