"""Small sites, built by the real hosts: MkDocs and ProperDocs, in a process of their own or in this one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build  # noqa: TID251  (tests run the host itself)
from mkdocs.config import load_config  # noqa: TID251
from mkdocs.exceptions import Abort  # noqa: TID251
from mkdocs.structure.pages import Page  # noqa: TID251

from support.processes import can_run_here, run_here
from support.sources import AUTHORS, TAXONOMY, unpack, write

__all__ = ["Abort", "Page"]  # the host's own, for tests to import from here
REPOSITORY = Path(__file__).parents[2]
EPOCH = "1796126400"
"""Noon of 1 December 2026."""
QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Two notices that MkDocs' ecosystem prints about its own future; the Makefile sets the same."""

# Templates that show all they are given, as text that a test can read back, and lead to every address in it, as each
# site's templates must.
_LEAD = """\
{%- macro lead(value, all=false) -%}
  {%- if value is mapping -%}
    {%- if value.name and value.date and value.text -%}<i id="page--{{ value.name | e }}"></i>{%- endif -%}
    {%- for key, inner in value.items() -%}
      {%- if inner is string -%}
        {%- if key == "url" or all -%}<a href="{{ inner | url | e }}"></a>{%- endif -%}
        {%- if key == "anchor" -%}<i id="{{ inner | e }}"></i>{%- endif -%}
      {%- else -%}{{ lead(inner, key == "links") }}{%- endif -%}
    {%- endfor -%}
  {%- elif value is iterable and value is not string -%}
    {%- for inner in value -%}{{ lead(inner) }}{%- endfor -%}
  {%- endif -%}
{%- endmacro -%}
"""
_SHOW = (
    _LEAD + "<!doctype html><title>{{ page.title | e }}</title>"
    '{% if page.meta.view.card %}<meta property="og:image" content="{{ page.meta.view.card.src | e }}">{% endif %}'
    "{{ lead(page.meta.view) }}{{ lead(config.extra.engblog) }}"
    '{% for other in nav.pages %}<a href="{{ other.url | url | e }}"></a>{% endfor %}'
    '<script type="application/json">{{ page.meta.view | tojson }}</script>\n'
    "{{ page.content }}\n"
)
THEME = {
    "theme/main.html": _SHOW,
    "theme/404.html": "<!doctype html><title>Not found</title>",
    **{
        f"theme/views/{name}.html": '{% extends "main.html" %}'
        for name in ("home", "list", "tags", "archive", "authors", "lab", "corrections", "feeds")
    },
    "theme/article.html": '{% extends "main.html" %}',
    "theme/mkdocs_theme.yml": "static_templates: [404.html]\n",
}
CARD_MATERIALS = {
    f"theme/{path.relative_to(REPOSITORY / 'overrides').as_posix()}": path.read_bytes()
    for path in (
        REPOSITORY / "overrides/assets/css/tokens.css",
        *sorted((REPOSITORY / "overrides/assets/fonts").glob("*.woff2")),
    )
}
"""Colours and typefaces, from this repository's theme, for a small site with cards."""
CONFIG = """\
site_name: Mini
site_url: https://mini.example/blog/
theme: {name: null, custom_dir: theme}
plugins:
  - engblog
markdown_extensions:
  - attr_list
  - footnotes
  - tables
  - toc: {permalink: true}
  - pymdownx.superfences
  - engblog.markdown
"""


def config(options: str = "", *, before: str = "") -> str:
    """The configuration of a small site, with *options* of the plugin and lines *before* it."""
    return before + CONFIG.replace("  - engblog\n", f"  - engblog: {{{options}}}\n")


LENIENT = config("allow: [counts, links, orphans, inline-code]")
"""For templates of a test's own, which lead nowhere: a site that has some is given this, unless it has its own."""


def mini(root: Path, site: str | Mapping[str, str | bytes] = "", **more: str | bytes) -> Path:
    """Write a site into *root*: *site* as files or one string, what it leaves out as small as can be; return *root*."""
    files = unpack(site) if isinstance(site, str) else dict(site)
    own = any(THEME.get(name) != text for name, text in files.items() if re.fullmatch(r"theme/.*\.html", name))
    base = {
        "mkdocs.yml": LENIENT if own else CONFIG,
        "docs/taxonomy.yml": TAXONOMY,
        "docs/authors.yml": AUTHORS,
        **THEME,
    }
    if "docs_dir" in str(files.get("mkdocs.yml", "")):
        base = {name: text for name, text in base.items() if not name.startswith("docs/")}
    return write(root, {**base, **files, **more})


def run(
    root: Path, *arguments: str, host: str = "mkdocs", **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """Run *host* with *arguments* in *root*: in this process, or in one of its own if that can make a difference, with
    another host or in another environment."""
    if environment or not can_run_here(host):
        return start(root, *arguments, host=host, **environment)
    return run_here(host, arguments, cwd=root, environment=environ())


def start(
    root: Path, *arguments: str, host: str = "mkdocs", timeout: float = 600, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m mkdocs`` (or *host*) with *arguments* in *root*, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", host, *arguments],
        cwd=root,
        env=environ(**environment),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def environ(**changes: str | None) -> dict[str, str]:
    """The environment with the tests' clock, and *changes*; None takes a variable away."""
    changed = {**os.environ, **QUIET, "SOURCE_DATE_EPOCH": EPOCH, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def build(root: Path, *arguments: str, host: str = "mkdocs", **environment: str | None) -> Path:
    """Build the site in *root* as :func:`run` does; return the folder of the finished site."""
    done = run(root, "build", "-f", "mkdocs.yml", *arguments, host=host, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "site"


class BuildError(Exception):
    """A build that ended with an error that the host reports in a line; the message is the log."""


def build_here(root: Path, *, command: str = "build", config: Any = None, **settings: Any) -> Path:
    """Build the site in *root* in this process, which is faster; *config* is one of :func:`load`, to build it again."""

    with log() as lines, clock():
        config = config or load(root, command=command, **settings)
        try:
            mkdocs_build(config, serve_url="http://127.0.0.1/" if command == "serve" else None)
        except Abort as error:
            raise BuildError("\n".join([*lines, str(error)])) from None
        finally:
            config.plugins.on_shutdown()
    return Path(config.site_dir)


def load(root: Path, *, command: str = "build", **settings: Any) -> Any:
    """The configuration of the site in *root*, ready to build."""

    config = load_config(config_file=str(root / "mkdocs.yml"), **settings)
    config.plugins.on_startup(command=command, dirty=False)
    return config


@contextlib.contextmanager
def log() -> Iterator[list[str]]:
    """Collect what MkDocs logs, ``LEVEL message`` each."""
    lines: list[str] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: lines.append(f"{record.levelname} {record.getMessage()}")  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


@contextlib.contextmanager
def clock(epoch: str = EPOCH) -> Iterator[None]:
    """Set the clock of this process."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = epoch
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def snapshot(folder: Path) -> dict[str, str]:
    """A digest of every file below *folder*, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pages(site: Path) -> list[str]:
    """The addresses of all pages of a site, relative to its root; a redirect is no page."""
    return sorted(
        path.parent.relative_to(site).as_posix().removeprefix(".") + ("/" if path.parent != site else "")
        for path in site.rglob("index.html")
        if b'data-kind="redirect"' not in path.read_bytes()
    )


def view(site: Path, url: str) -> Any:
    """The data that the page at *url* was given."""
    text = (site / url / "index.html").read_text()
    found = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None, f"{url} was not rendered by the templates of the tests"
    return json.loads(found[1])


def content(site: Path, url: str) -> str:
    """The HTML of the text of the page at *url*."""
    return (site / url / "index.html").read_text().partition("</script>\n")[2]


def leftovers(root: Path) -> list[str]:
    """What a build left beside the site."""
    return sorted(path.name for path in root.iterdir() if path.name.startswith(".site"))
