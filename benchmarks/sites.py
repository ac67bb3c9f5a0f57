"""Two sites of the same articles: this repository's, and Material's own blog set up as its documentation says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmarks.articles import ACCENTS, CATEGORIES, TAGS, Post, slug_of

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE_SIZE = 20
AUTHOR = "editors"
OURS, MATERIAL, MATERIAL_NO_SEARCH = "ours", "material", "material-no-search"
VARIANTS = {
    OURS: "this repository: engblog, /blog and rss as in mkdocs.yml, templates of overrides/",
    MATERIAL: "material/blog, material/search, material/tags, Material's templates",
    MATERIAL_NO_SEARCH: "material/blog, material/tags, Material's templates; no search index",
}


def write_sites(folder: Path, posts: Iterable[Post]) -> dict[str, Path]:
    """Write both sites below *folder*; the configuration file of each variant."""
    ours, material = folder / OURS / "docs", folder / MATERIAL / "docs"
    for post in posts:
        _write(ours / "articles" / post.slug / "index.md", _our_article(post))
        _write(material / "blog" / "posts" / f"{post.slug}.md", _material_post(post))
    _write(ours / "taxonomy.yml", _yaml(_taxonomy()))
    _write(ours / "authors.yml", _yaml({AUTHOR: {"name": "The Editors", "role": "Editors"}}))
    author = {"name": "The Editors", "description": "Editors", "avatar": "https://example.org/editors.png"}
    _write(material / "blog" / ".authors.yml", _yaml({"authors": {AUTHOR: author}}))
    _write(material / "blog" / "index.md", "# Blog\n")
    _write(material / "tags.md", "# Tags\n\n<!-- material/tags -->\n")
    by_hand = sorted(page.name for page in (REPOSITORY / "docs").glob("*.md"))  # they lead to each other
    for docs, pages in ((ours, by_hand), (material, ["index.md", "about.md"])):
        for page in pages:  # the page of search links to lists that Material's site does not have
            shutil.copyfile(REPOSITORY / "docs" / page, docs / page)
    configs = {variant: (ours if variant == OURS else material).parent / f"{variant}.yml" for variant in VARIANTS}
    _write(configs[OURS], _our_config())
    _write(configs[MATERIAL], _material_config(search=True))
    _write(configs[MATERIAL_NO_SEARCH], _material_config(search=False))
    return configs


def article_pages(site: Path, variant: str) -> list[Path]:
    """The article pages of a built *site*."""
    return sorted(site.glob("articles/*/*/*/*/index.html" if variant == OURS else "blog/[0-9]*/*/*/*/index.html"))


def _our_article(post: Post) -> str:
    matter = _common_matter(post) | {
        "category": post.category,
        "subcategory": post.subcategory,
        "status": "published",
    }
    return f"---\n{_yaml(matter)}---\n\n{post.text(lambda number: f'../{slug_of(number)}/index.md')}"


def _material_post(post: Post) -> str:
    """Material's categories are flat: a subcategory is one more, so that both sites have a page for it."""
    matter = _common_matter(post) | {"categories": [post.category, post.subcategory]}
    text = post.text(lambda number: f"{slug_of(number)}.md", after_lead="<!-- more -->\n\n")
    return f"---\n{_yaml(matter)}---\n\n{text}"


def _common_matter(post: Post) -> dict[str, Any]:
    return {
        "title": post.title,
        "description": post.description,
        "date": post.day,
        "tags": list(post.tags),
        "authors": [AUTHOR],
    }


def _taxonomy() -> dict[str, Any]:
    return {
        "categories": [
            {"name": name, "accent": accent, "subcategories": [{"name": sub} for sub in subcategories]}
            for (name, subcategories), accent in zip(CATEGORIES.items(), ACCENTS, strict=True)
        ],
        "tags": [{"name": tag} for tag in TAGS],
    }


def _our_config() -> str:
    """The repository's own configuration, for another folder of articles."""
    return _yaml(
        {
            "INHERIT": str(REPOSITORY / "mkdocs.yml"),
            "docs_dir": "docs",
            "site_dir": "site",
            "watch": [],
            "theme": {"custom_dir": str(REPOSITORY / "overrides")},
        }
    )


def _material_config(*, search: bool) -> str:
    plugins: list[Any] = [{"material/blog": {"pagination_per_page": PAGE_SIZE}}, "material/tags"]
    config = {
        "site_name": "Real Problems. Real Engineering.",
        "site_url": "https://example.org/blog/",
        "site_description": "Deep dives into database internals, distributed systems, and production incidents.",
        "repo_url": "https://example.org/repository",
        "docs_dir": "docs",
        "site_dir": "site",
        "theme": {"name": "material", "language": "en"},
        "plugins": [*plugins, "material/search"] if search else plugins,
    }
    return _yaml(config) + _extensions()


def _extensions() -> str:
    """``markdown_extensions`` of the repository's configuration without our own, as YAML: tags stay as they are."""
    root = yaml.compose((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise TypeError("mkdocs.yml is no mapping")
    pair = next((key, value) for key, value in root.value if key.value == "markdown_extensions")
    pair[1].value = [item for item in pair[1].value if not _extension_name(item).startswith("engblog")]
    return str(yaml.serialize(yaml.MappingNode(root.tag, [pair]), Dumper=yaml.SafeDumper))


def _extension_name(item: yaml.Node) -> str:
    return str(item.value[0][0].value if isinstance(item, yaml.MappingNode) else item.value)


def _yaml(value: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sizes_of(site: Path, variant: str) -> dict[str, int]:
    """What a build made: pages, bytes."""
    pages = list(site.rglob("*.html"))
    return {
        "pages": len(pages),
        "articles": len(article_pages(site, variant)),
        "html_bytes": sum(page.stat().st_size for page in pages),
        "feed_items": _feed_items(site),
        "search_index_bytes": sum(file.stat().st_size for file in _index_files(site)),
    }


def _index_files(site: Path) -> Iterator[Path]:
    """What lies in a folder ``search`` and is neither page nor program."""
    programs = {".html", ".css", ".js", ".mjs", ".map", ".svg"}
    for path in site.rglob("*"):
        if path.is_file() and path.suffix not in programs and "search" in path.relative_to(site).parts[:-1]:
            yield path


def _feed_items(site: Path) -> int:
    feed = next(iter(site.glob("feed_json_created.json")), None)
    return len(json.loads(feed.read_text(encoding="utf-8"))["items"]) if feed else 0
