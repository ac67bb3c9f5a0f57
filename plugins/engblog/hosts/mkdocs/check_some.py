"""``python -m engblog.hosts.mkdocs.check_some MKDOCS_YML PATH…``: renders the texts that these paths name, and prints
the problems as JSON.

For ``engblog check PATH``, which is to answer while its author waits. Plugins are not loaded, which would take longer
than everything else: none of them changes how a text is rendered before a build begins.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from engblog.disk.docs import display_path, text_within
from engblog.disk.part import part_of
from engblog.disk.pictures import read_file
from engblog.disk.project import Project, find_project
from engblog.hosts.mkdocs.readable import UnreadableError, load
from engblog.hosts.mkdocs.render import claim_settings, seal_of
from engblog.hosts.mkdocs.rendered_texts import anchored, answer, problems_of
from engblog.hosts.mkdocs.texts import Text
from engblog.model.errors import EngblogError
from engblog.model.urls import MARKDOWN
from engblog.source.frontmatter import MAX_BYTES
from engblog.source.includes import included
from engblog.source.parse import parse_article
from engblog.source.parse_page import parse_page


def main(config_file: str, paths: Sequence[str]) -> int:
    """Print the problems of the texts that *paths* name, of the site that *config_file* describes."""
    try:
        project = find_project(Path(config_file))
        part = part_of(project.docs, project.settings.articles_dir, map(Path, paths))
        if part is None:  # everything
            return int(import_module("engblog.hosts.mkdocs.check").main(config_file))
        config = load(config_file, plugins=[], site_name="the site")  # no page of a text shows it
    except (EngblogError, UnreadableError) as error:
        print(error, file=sys.stderr)
        return 1
    claim_settings(config)
    excluded = project.settings.exclusion(preview=False)
    read = ((name, _text(name, project, seal_of(config))) for name in part.texts if not excluded.leaves_out(name))
    texts = {name: text for name, text in read if text is not None}
    others = {target for name, text in texts.items() for target in anchored(text, name)} - texts.keys()
    for name in sorted(others):
        if name.endswith(MARKDOWN) and (text := _text(name, project, seal_of(config))) is not None:
            texts[name] = text
    print(answer(problems_of(texts, part.texts, project.docs, config)))
    return 0


def _text(name: str, project: Project, seal: str) -> Text | None:
    """The text of the file *name*; None if it has none, or none that can be rendered: the check of the sources says
    why."""
    docs = project.docs
    data, prefix = read_file(docs / name, MAX_BYTES + 1), display_path(docs)
    is_article = name.startswith(f"{project.settings.articles_dir}/")
    parsed = parse_article(data, name, prefix) if is_article else parse_page(data, name, prefix)
    if parsed.parts is None or parsed.body is None:
        return None
    folder = (docs / name).parent

    def include(target: str) -> list[str] | None:
        return included(target, lambda path: text_within(folder / path, folder, docs))

    return Text(parsed.body, parsed.path, include, is_article, seal)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
