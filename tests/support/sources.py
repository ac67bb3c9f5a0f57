"""Sources for tests: a whole site in one string, and articles that are right until a test breaks them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from engblog.disk.docs import DocsSettings, read_site
from engblog.model.article import Article
from engblog.site.catalogue import Catalogue

TAXONOMY = """\
categories:
  - name: Database
    accent: teal
    description: What a database does with your data when you are not looking.
    subcategories:
      - name: Storage
      - name: Picking the Right DB
        description: The mechanisms that decide.
  - name: System Design
    accent: indigo
    subcategories:
      - name: Architecture
  - name: Never Used
tags:
  - name: Caching
    synonyms: [cache]
  - name: Go
    synonyms: [golang]
  - name: Kubernetes
    synonyms: [k8s]
  - name: MySQL
  - name: Node.js
    synonyms: [node]
  - name: PostgreSQL
    synonyms: [postgres, pg]
  - name: Redis
    description: A key-value store.
  - name: Replication
  - name: Signals
"""
AUTHORS = """\
ada:
  name: Ada Lovelace
  role: Editor
  description: Writes about engines.
  links:
    - {title: Website, url: "https://example.org/"}
grace:
  name: Grace Hopper
"""
DESCRIPTION = "What the article shows, from the failure to the mechanism behind it, and what to do about it on Monday."
BODY = "The server stopped, and the requests with it.\n"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400"><title>Drain</title><desc>A drain.</desc>'
    '<rect id="box" x="0" y="0" width="10" height="10"/></svg>\n'
)
KEYS = {
    "title": "When the server stops",
    "description": DESCRIPTION,
    "date": "2026-11-20",
    "category": "Database",
    "tags": "[Redis, Go, MySQL]",
}

_FILE = re.compile(r"^-- (\S.*) --\n", re.MULTILINE)


def article(body: str = BODY, **keys: str | None) -> str:
    """An article without a problem, with *keys* set to YAML as given, or left out for None."""
    chosen = {key: value for key, value in {**KEYS, **keys}.items() if value is not None}
    lines = "".join(f"{key}: {value}\n" for key, value in chosen.items())
    return f"---\n{lines}---\n{body}"


def unpack(text: str) -> dict[str, str]:
    """Files by path from one string, each led by a line ``-- path --``."""
    parts = _FILE.split(text)
    assert not parts[0].strip(), f"text before the first file: {parts[0]!r}"
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write *files* below *root* and return it. Line ends are kept as they are."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def read(root: Path, files: Mapping[str, str | bytes], *, preview: bool = False) -> Catalogue:
    """Write *files* and the test vocabulary into *root* and read them as a site whose docs folder is *root*."""
    write(root, {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, **files})
    return read_site(root, DocsSettings(), preview=preview)


def read_articles(root: Path, *, preview: bool = False, **texts: str) -> Catalogue:
    """Read articles given by slug; an underscore in a name stands for a hyphen."""
    files = {f"articles/{slug.replace('_', '-')}/index.md": text for slug, text in texts.items()}
    return read(root, files, preview=preview)


def places(catalogue: Catalogue, root: Path) -> list[str]:
    """The problems as ``articles/a/index.md:3:8 F001``, in order."""
    lead = f"{root.resolve().as_posix()}/"
    return [
        f"{problem.mark.path.removeprefix(lead)}:{problem.mark.line}:{problem.mark.column} {problem.code.id}"
        for problem in catalogue.problems
    ]


def codes(catalogue: Catalogue) -> list[str]:
    """The codes of the problems, in order."""
    return [problem.code.id for problem in catalogue.problems]


def only(catalogue: Catalogue) -> Article:
    """The one article of a site without a problem."""
    assert catalogue.problems == (), "\n".join(str(problem) for problem in catalogue.problems)
    (article,) = (*catalogue.site.articles, *catalogue.site.hidden)
    return article
