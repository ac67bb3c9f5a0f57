"""The settings of a site, read from the host's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings
from engblog.disk.project import ProjectError, find_project
from support.sources import write

# The project


@pytest.mark.parametrize(
    ("config", "docs", "settings"),
    [
        ("site_name: X\n", "docs", DocsSettings()),
        ("plugins:\n  - engblog\n", "docs", DocsSettings()),
        ("plugins: [search, {engblog: {articles_dir: posts}}]\n", "docs", DocsSettings("posts")),
        (
            "plugins:\n  engblog:\n    taxonomy: a.yml\n    authors: b.yml\n",
            "docs",
            DocsSettings("articles", "a.yml", "b.yml"),
        ),
        ("docs_dir: text\nextra: !ENV [HOME, x]\nx: !!python/name:os.system\n", "text", DocsSettings()),
        ("plugins:\n  - engblog:\n      page_size: 3\n", "docs", DocsSettings(page_size=3)),
    ],
)
def test_a_project_is_read_from_the_hosts_configuration(
    tmp_path: Path, config: str, docs: str, settings: DocsSettings
) -> None:
    project = find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")
    assert (project.root, project.docs, project.settings) == (tmp_path, tmp_path / docs, settings)


@pytest.mark.parametrize(
    ("config", "said"), [(b"a: [", "mkdocs.yml:"), (b"[]", "no keys"), (b"", "no keys"), (b"\xff", "utf-8")]
)
def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path, config: bytes, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")


def test_a_missing_configuration_says_where_to_stand(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="run this where"):
        find_project(tmp_path / "mkdocs.yml")
