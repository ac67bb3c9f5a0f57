"""``python -m engblog.hosts.mkdocs.check MKDOCS_YML``: renders every text of a site, and prints the problems as JSON.

For ``engblog check``, which does not know MkDocs. Each text is rendered with the configuration that a build uses.
:mod:`engblog.hosts.mkdocs.check_some` does it for a few texts, in less time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files

from engblog.disk.docs import DocsSettings, articles_below, display_path
from engblog.disk.pictures import read_file
from engblog.disk.walk import is_text
from engblog.hosts.mkdocs.ask import read_config
from engblog.hosts.mkdocs.readable import UnreadableError
from engblog.hosts.mkdocs.render import claim_settings, seal_of
from engblog.hosts.mkdocs.rendered_texts import answer, problems_of
from engblog.hosts.mkdocs.settings import docs_settings
from engblog.hosts.mkdocs.texts import Text, read_text
from engblog.source.frontmatter import MAX_BYTES
from engblog.source.parse_page import parse_page


def main(config_file: str) -> int:
    """Print the problems of every text of the site that *config_file* describes."""
    try:
        config, options = read_config(config_file, site_name="the site")  # no page of a text shows it
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    claim_settings(config)
    docs, settings = Path(config.docs_dir), docs_settings(options, config)
    texts = dict(_articles(docs, settings, seal_of(config))) | dict(_pages(config, docs, settings))
    print(answer(problems_of(texts, texts, docs, config)))
    return 0


def _articles(docs: Path, settings: DocsSettings, seal: str) -> Iterator[tuple[str, Text]]:
    for parsed in articles_below(docs, settings):
        if (parts := parsed.parts) is not None:
            folder = docs / parsed.folder
            yield (
                parsed.src_uri,
                read_text(parts.body, parts.body_line, parsed.path, folder, docs, is_article=True, seal=seal),
            )


def _pages(config: MkDocsConfig, docs: Path, settings: DocsSettings) -> Iterator[tuple[str, Text]]:
    for file in get_files(config).documentation_pages():
        if is_text(file.src_uri) and not file.src_uri.startswith(f"{settings.articles_dir}/"):
            parsed = parse_page(read_file(docs / file.src_uri, MAX_BYTES + 1), file.src_uri, display_path(docs))
            if (parts := parsed.parts) is not None and parsed.body is not None:  # the check of the sources says why
                folder, seal = (docs / file.src_uri).parent, seal_of(config)
                text = read_text(parts.body, parts.body_line, parsed.path, folder, docs, is_article=False, seal=seal)
                yield file.src_uri, text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
