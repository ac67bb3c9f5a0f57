"""What authors type with a keyboard is set as printers do in every file of a site, and code in none."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from support.hosts import build
from support.sources import DRAWING
from support.themed import article, themed

BODY = """Qbody's "text"... and `Qcode's`.

## Qhead's

```text
Qblock's
```

![Qalt's](a.svg "Qcaption's")

Text[^1].

[^1]: Qnote's
"""
PLACE = "artikel/2026/11/22/neuer/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in the real theme, with words that are nowhere else."""
    said = "Qsaid's, and enough of it to be long enough for a description, which is sixty characters or more."
    fixed = [{"date": date(2026, 11, 23), "text": "Qfixed's"}]
    text = article("\"Qtitle's 'one' -- so\"", "2026-11-22", BODY, description=said, corrections=fixed)
    files = {"texte/artikel/neuer/index.md": text, "texte/artikel/neuer/a.svg": DRAWING}
    return build(themed(tmp_path_factory.mktemp("set"), files))


def typed(text: str) -> set[str]:
    return set(re.findall(r"Q(\w+)(?:'|&#39;|&#x27;|&apos;)s", text))


def were_set(text: str) -> set[str]:
    return set(re.findall(r"Q(\w+)(?:’|\\u2019)s", text))


def test_the_page_is_set(site: Path) -> None:
    page = (site / PLACE / "index.html").read_text()
    assert typed(page) == {"code", "block"}
    assert were_set(page) == {"title", "said", "body", "head", "caption", "note", "fixed"}
    assert 'id="qheads"' in page
    assert "Qtitle’s ‘one’\u00a0– so" in page


def test_so_is_what_search_engines_read(site: Path) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', (site / PLACE / "index.html").read_text())
    assert found
    assert were_set(json.dumps(json.loads(found[1]), ensure_ascii=False)) >= {"title", "said"}


@pytest.mark.parametrize("name", ["atom.xml", "llms.txt", f"{PLACE}index.md", "index.html", "feed_rss_created.xml"])
def test_so_is_every_other_file(site: Path, name: str) -> None:
    assert typed((site / name).read_text()) <= {"code", "block"}
    assert were_set((site / name).read_text()) >= {"title"}


def test_nothing_that_is_published_holds_a_place(site: Path) -> None:
    held = [path for path in site.rglob("*") if path.is_file() and path.suffix not in {".png", ".woff2"}]
    assert not [
        path for path in held if re.search("\U0010ff00|[\U0010ff01-\U0010ff06]", path.read_text(errors="replace"))
    ]
