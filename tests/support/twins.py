"""A small site with a lab, as it would be published: what its twins are made of."""

from __future__ import annotations

from pathlib import Path

from engblog.lab.record import Recorder, write_record
from engblog.model.article import Article
from engblog.model.publication import Identity, Publication
from engblog.site.views import build_views

from support.sources import article, read, write

SITE = "https://mini.example/blog/"
IDENTITY = Identity("Mini", SITE, "A small site.")


def publication(root: Path, **more: object) -> Publication:
    """The site in *root* as it would be published; the docs folder is *root*."""
    catalogue = read(root, {})
    assert not catalogue.problems, catalogue.problems
    return published(root, catalogue.site, **more)


def published(docs: Path, site: object, **more: object) -> Publication:
    articles: tuple[Article, ...] = site.articles  # type: ignore[attr-defined]
    texts, addresses = {}, {"index.md": "", "about.md": "about/", "search.md": "search/"}
    for each in articles:
        folder = each.src_uri.rpartition("/")[0]
        addresses[each.src_uri] = each.url
        for path in sorted((docs / folder).rglob("*")):
            name = path.relative_to(docs).as_posix()
            if path.is_file() and path.suffix not in {".png", ".pyc"}:
                texts[name] = path.read_text()
            if path.is_file() and path.name != "index.md":
                addresses[name] = each.url + path.relative_to(docs / folder).as_posix()
        if each.lab:
            addresses[f"{folder}/lab/index.md"] = f"{each.url}lab/"
    fields: dict[str, object] = {"texts": texts, "addresses": addresses, "views": build_views(site, page_size=20)}  # type: ignore[arg-type]
    return Publication(IDENTITY, site, **(fields | more))  # type: ignore[arg-type]


FULL = """\
The server stopped.{claim:test_it} It took {lab:time}, on [another](../b/index.md#danach) and
[about](../../about.md), see [the lab](lab/index.md), [its file](lab/test_it.py) and [below](#code).

## Code

```python title="lab/test_it.py"
--8<-- "lab/test_it.py:body"
```

![A drain](drain.svg "How it runs.")
"""

LAB = 'def test_it():\n    """It holds `x`."""\n    # --8<-- [start:body]\n    fence = "```"\n    # --8<-- [end:body]\n'


def full(root: Path) -> Publication:
    write(
        root,
        {
            "about.md": "# About\n",
            "articles/a/index.md": article(
                FULL,
                title="A *star* & <b>",
                authors="[ada, grace]",
                subcategory="Storage",
                updated="2026-11-22",
                corrections="[{date: 2026-11-21, text: It said <b>.}]",
                applies_to="{Redis: '7'}",
                series="{name: Ends, part: 1}",
            ),
            "articles/b/index.md": article("One.\n\n## Danach\n\nTwo.\n", title="B", date="2026-11-19"),
            "articles/a/drain.svg": (
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400"><title>D</title><desc>D.</desc></svg>\n'
            ),
            "articles/a/lab/test_it.py": LAB,
        },
    )
    recorder = Recorder()
    recorder.version("Redis", "7.0.15")
    recorder.number("time", 12.5, unit="ms", note="from a | to b")
    recorder.samples("pause", [3, 1, 2], unit="ms", note="longest of a run")
    recorder.tests["test_also"] = {"file": "test_it.py", "line": 9, "claim": "The text does not mention it."}
    changed = [{"when": "`hz` is *500*", "assertion": "`a` < 1", "seen": "assert 2 < 1"}]
    about = {"servers": ["Redis"], "counters": changed}
    recorder.tests["test_it"] = {"file": "test_it.py", "line": 1, "claim": "It holds.", **about}
    write_record(root / "articles/a/lab", recorder, ran="2026-11-23")
    return publication(root)
