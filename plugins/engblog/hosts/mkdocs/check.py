"""``python -m engblog.hosts.mkdocs.check MKDOCS_YML``: renders every text of a site, and prints the problems as JSON.

For ``engblog check``, which does not know MkDocs. Each text is rendered with the configuration that a build uses.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files
from mkdocs.structure.pages import Page

from engblog.disk.docs import DocsSettings, articles_below, display_path
from engblog.hosts.mkdocs.ask import UnreadableError, read_config
from engblog.hosts.mkdocs.render import claim_settings, set_page
from engblog.hosts.mkdocs.settings import docs_settings
from engblog.hosts.mkdocs.texts import Text, first_line_of, read_text
from engblog.html.page import read_page
from engblog.html.shown import MEASURED
from engblog.model.problems import Code, Mark, Problem
from engblog.source.marks import NUMBER


def main(config_file: str) -> int:
    """Print the problems of every text of the site that *config_file* describes."""
    try:
        config, options = read_config(config_file, site_name="the site")  # no page of a text shows it
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    claim_settings(config)
    docs, settings = Path(config.docs_dir), docs_settings(options, config)
    texts = dict(_articles(docs, settings)) | dict(_pages(config, docs, settings))
    found: list[Problem] = []
    ids: dict[str, frozenset[str]] = {}
    for name, text in texts.items():
        html = _rendered(text, (docs / name).parent, config, found)
        if html is not None:
            found += text.problems(html)
            ids[name] = frozenset(read_page(html).ids)
    for name, text in texts.items():
        found += text.lost_anchors(name, ids)
    rows = [(*_place(problem.mark), problem.code.name, problem.message, problem.hint) for problem in found]
    print(json.dumps(rows))
    return 0


def _place(mark: Mark) -> tuple[str, int, int]:
    return mark.path, mark.line, mark.column


def _articles(docs: Path, settings: DocsSettings) -> Iterator[tuple[str, Text]]:
    for parsed in articles_below(docs, settings):
        if (parts := parsed.parts) is not None:
            folder = docs / parsed.folder
            yield parsed.src_uri, read_text(parts.body, parts.body_line, parsed.path, folder, docs, is_article=True)


def _pages(config: MkDocsConfig, docs: Path, settings: DocsSettings) -> Iterator[tuple[str, Text]]:
    for file in get_files(config).documentation_pages():
        if not file.src_uri.startswith(f"{settings.articles_dir}/"):
            page = Page(None, file, config)
            page.read_source(config)
            markdown = page.markdown or ""
            folder, path = (docs / file.src_uri).parent, display_path(docs) + file.src_uri
            first = first_line_of(markdown, file.content_string)
            yield file.src_uri, read_text(markdown, first, path, folder, docs, is_article=False)


def _rendered(text: Text, folder: Path, config: MkDocsConfig, found: list[Problem]) -> str | None:
    set_page(config, folder, None, lab_pages=False)
    renderer = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    try:
        # Without the lab's record, other extensions would take `{lab:key}` for a list of attributes.
        return renderer.convert(NUMBER.sub(MEASURED, text.canonical))
    except Exception as error:  # of any extension: named, without a traceback
        message = f"the text cannot be rendered: {type(error).__name__}: {error}"
        hint = "take parts out until it can be"
        found.append(Problem(Mark(text.path), Code.R015_READ_OTHERWISE, message, hint))
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
