"""A small site in another language with this repository's own templates, extensions and plugins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from engblog.lab.record import Recorder, write_record

from support.hosts import REPOSITORY
from support.pictures import PNG
from support.sources import DRAWING, write

VOCABULARY = {
    "texte/begriffe.yml": """\
categories:
  - name: Datenbanken
    accent: teal
    description: Was eine Datenbank tut, wenn niemand hinsieht.
    subcategories: [{name: Speicher}]
  - name: Verteilte Systeme
    accent: indigo
tags:
  - {name: Prüfsumme, synonyms: [Checksumme]}
  - {name: Uhr}
  - {name: Q&A <Fragen>, slug: fragen}
  - {name: Redis}
""",
    "texte/leute.yml": "emmy:\n  name: Emmy & Noether\n  role: Autorin\n",
}
HOME = "---\ntitle: Anfang\nkicker: Heft\nheadline: Ursache & Wirkung\ndescription: Ein Heft.\n---\n"
LAB = '"""Ein Labor."""\n\n\ndef test_sie_wartet():\n    """Sie wartet."""\n'
DESCRIPTION = (
    "Was der Artikel zeigt & beweist: dass ein <b> in der Beschreibung Text bleibt, und was am Montag zu tun ist."
)
TEXT = """\
Der erste Satz, mit {lab:wartezeit} gemessen.{claim:test_sie_wartet}

## Der Mechanismus

```python title="lab/test_uhr.py"
--8<-- "lab/test_uhr.py"
```

![Ein Abfluss](abfluss.svg "Wie er läuft.")

![Ein Foto](foto.png)

| Signal | Zahl |
|--------|-----:|
| TERM   |   15 |

Weiter im [zweiten](../zweiter/index.md#danach).[^quelle]

## Quellen

[^quelle]: Das Handbuch.
"""


def settings(root: Path, **changes: Any) -> dict[str, Any]:
    """The repository's mkdocs.yml for a site in *root*, with other names for everything that has a name."""
    config: dict[str, Any] = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text())
    del config["watch"]
    config |= {
        "site_name": "Ursache und Wirkung",
        "site_url": "https://mini.example/heft/",
        "site_description": "Ein Heft.",
        "repo_url": "https://github.com/example/heft",
        "repo_name": "example/heft",
        "docs_dir": "texte",
        "theme": {**config["theme"], "language": "de", "custom_dir": str(REPOSITORY / "overrides")},
    }
    by_name = {next(iter(each)): each for each in config["plugins"]}
    by_name["engblog"]["engblog"] |= {
        "articles_dir": "artikel",
        "taxonomy": "begriffe.yml",
        "authors": "leute.yml",
        "page_size": 2,
    }
    by_name["/blog"]["/blog"] |= {"folder": "artikel", "articles": 3}
    by_name["rss"]["rss"] |= {
        "match_path": "artikel/[^/]+/index\\.md$",
        "image": None,
        "cache_dir": str(root / ".cache"),
    }
    return config | changes


def article(title: str, date: str, body: str = "Ein Satz.\n\n## Danach\n\nNoch einer.\n", **keys: Any) -> str:
    """An article of the small site."""
    front = {
        "title": title,
        "description": DESCRIPTION,
        "date": date,
        "category": "Datenbanken",
        "tags": ["checksumme", "Uhr", "Q&A <Fragen>"],
        "authors": ["emmy"],
        **keys,
    }
    return f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{body}"


def themed(root: Path, more: Mapping[str, str | bytes] | None = None, **changes: Any) -> Path:
    """Write the small site into *root* and return it."""
    lab = root / "texte/artikel/erster/lab"
    write(
        root,
        {
            "mkdocs.yml": yaml.safe_dump(settings(root, **changes), allow_unicode=True),
            **VOCABULARY,
            "texte/index.md": HOME,
            "texte/about.md": "---\ntitle: Über uns\n---\nWer wir sind.\n",
            "texte/artikel/erster/index.md": article(
                "Der erste <b> & mehr", "2026-11-20", TEXT, subcategory="Speicher", updated="2026-11-22"
            ),
            "texte/artikel/erster/abfluss.svg": DRAWING,
            "texte/artikel/erster/foto.png": PNG,
            "texte/artikel/erster/lab/test_uhr.py": LAB,
            "texte/artikel/zweiter/index.md": article("Der zweite", "2026-11-19T09:30:00-05:00"),
            "texte/artikel/dritter/index.md": article("Der dritte", "2025-01-02"),
            "texte/artikel/vierter/index.md": article("Der vierte", "2024-01-02", category="Verteilte Systeme"),
            "texte/artikel/entwurf/index.md": article("Ein Entwurf", "2026-11-01", status="draft"),
            "texte/artikel/morgen/index.md": article("Morgen", "2027-01-01"),
        },
    )
    recorder = Recorder()
    recorder.version("Redis", "7.0.15")
    recorder.number("wartezeit", 12.5, unit="ms", note="vom Signal bis zum Ende")
    recorder.tests["test_sie_wartet"] = {"file": "test_uhr.py", "line": 4, "claim": "Sie wartet."}
    write_record(lab, recorder, ran="2026-11-23")
    return write(root, more or {})


PAGES = [
    "",
    "404.html",
    "about/",
    "archive/",
    "archive/2024/",
    "archive/2025/",
    "archive/2026/",
    "artikel/2024/01/02/vierter/",
    "artikel/2025/01/02/dritter/",
    "artikel/2026/11/19/zweiter/",
    "artikel/2026/11/20/erster/",
    "artikel/2026/11/20/erster/lab/",
    "authors/",
    "authors/emmy/",
]
