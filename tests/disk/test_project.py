"""The settings of a site, read from the host's configuration."""

from __future__ import annotations

from dataclasses import replace
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
        ("exclude_docs: |\n  /a/\n  *.py\n", "docs", DocsSettings(exclude_docs="/a/\n*.py\n")),
    ],
)
def test_a_project_is_read_from_the_hosts_configuration(
    tmp_path: Path, config: str, docs: str, settings: DocsSettings
) -> None:
    project = find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")
    found = replace(project.settings, named=frozenset(), root=None)
    assert (project.root, project.docs, found) == (tmp_path, tmp_path / docs, settings)


def test_what_the_host_leaves_out_and_refers_to_is_read_too(tmp_path: Path) -> None:
    files = {
        "base.yml": "exclude_docs: drafts/\ndraft_docs: later.md\ntheme: {name: null, custom_dir: theme}\n",
        "mkdocs.yml": "INHERIT: base.yml\nexclude_docs: |\n  *.bak\n"
        "extra_css: [css/x.css]\ntheme: {logo: a/logo.png}\n",
    }
    settings = find_project(write(tmp_path, files) / "mkdocs.yml").settings
    assert (settings.exclude_docs, settings.draft_docs, settings.theme) == ("*.bak\n", "later.md", tmp_path / "theme")
    assert settings.named >= {"css/x.css", "a/logo.png"}


def test_configurations_that_inherit_in_a_circle_are_refused(tmp_path: Path) -> None:
    files = {"mkdocs.yml": "INHERIT: other.yml\n", "other.yml": "INHERIT: mkdocs.yml\n"}
    with pytest.raises(ProjectError, match="inherit from each other"):
        find_project(write(tmp_path, files) / "mkdocs.yml")


@pytest.mark.parametrize(
    ("config", "said"), [(b"a: [", "mkdocs.yml:"), (b"[]", "no keys"), (b"", "no keys"), (b"\xff", "utf-8")]
)
def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path, config: bytes, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")


def test_a_missing_configuration_says_where_to_stand(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="run this where"):
        find_project(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize(
    ("config", "repository"),
    [
        ("repo_url: https://github.com/o/r\nedit_uri: edit/main/docs/\n", "https://github.com/o/r/blob/main/"),
        ("repo_url: https://github.com/o/r/\nedit_uri: blob/a/b/site/docs\n", "https://github.com/o/r/blob/a/b/site/"),
        ("repo_url: https://gitlab.example/o/r\nedit_uri: -/edit/main/docs/\n", "https://gitlab.example/o/r/-/blob/main/"),
        ("repo_url: https://g.example/o/r\nedit_uri: edit/main/texts/\ndocs_dir: texts\n", "https://g.example/o/r/blob/main/"),
        ("repo_url: https://github.com/o/r\nedit_uri: edit/main/other/\n", ""),
        ("repo_url: https://github.com/o/r\nedit_uri: edit/docs/\n", ""),
        ("repo_url: https://github.com/o/r\n", ""),
        ("edit_uri: edit/main/docs/\n", ""),
        ("repo_url: http://github.com/o/r\nedit_uri: edit/main/docs/\n", ""),
        ("repo_url: [x]\nedit_uri: 3\n", ""),
    ],
)  # fmt: skip
def test_the_address_of_the_repositorys_files_is_known(tmp_path: Path, config: str, repository: str) -> None:
    settings = find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml").settings
    assert (settings.repository, settings.root) == (repository, tmp_path)


@pytest.mark.parametrize(
    ("plugins", "feeds"),
    [
        ("[engblog]", set()),
        ("[rss]", {"feed_rss_created.xml", "feed_rss_updated.xml", "feed_json_created.json", "feed_json_updated.json"}),
        ("{rss: {json_feed_enabled: false}}", {"feed_rss_created.xml", "feed_rss_updated.xml"}),
        (
            "[{rss: {rss_feed_enabled: false, feeds_filenames: {json_created: a.json}}}]",
            {"a.json", "feed_json_updated.json"},
        ),
        ("[{rss: {enabled: false}}]", set()),
    ],
)
def test_the_files_of_the_whole_sites_feeds_are_known(tmp_path: Path, plugins: str, feeds: set[str]) -> None:
    config = f"site_url: https://x.example/\nplugins: {plugins}\n"
    assert find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml").settings.whole_feeds == feeds
    without = find_project(write(tmp_path / "b", {"mkdocs.yml": f"plugins: {plugins}\n"}) / "mkdocs.yml")
    assert without.settings.whole_feeds == frozenset(), "without an address there are no feeds"
