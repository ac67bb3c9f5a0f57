"""The content of a lab's archive: its files as they ran, and instructions to run them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engblog.model.article import Article, Lab
from engblog.model.publication import Publication, Tree
from engblog.model.text import long_date

README, SETTINGS = "README.txt", "pytest.ini"
RECORDS = ("record.json", "versions.json")
_PLUGIN = "[pytest]\naddopts = -p engblog.lab.pytest_plugin\n"


def archive_members(article: Article, lab: Lab, publication: Publication, tree: Tree) -> Mapping[str, bytes]:
    """Every file in the archive of the *lab* of *article*, by path, all in one folder named after the article's folder.

    The lab's files are those beside the lab's page in *tree*, the built site, and those that the site does not publish
    as separate files: pages, scripts, and everything else that a browser would not show as text.
    """
    members = {README: _readme(article, lab, publication).encode(), SETTINGS: _PLUGIN.encode()}
    source, target = f"{article.src_uri.rpartition('/')[0]}/lab/", f"{article.url}lab/"
    paths = frozenset(tree.paths)
    for name in (*lab.files, *RECORDS):
        if target + name in paths:
            members[name] = tree.read(target + name)
        elif (text := publication.texts.get(source + name)) is not None:
            members[name] = text.encode()
        elif (data := publication.lab_data.get(source + name)) is not None:
            members[name] = data
    return {f"{article.slug}/{name}": members[name] for name in sorted(members)}


def _readme(article: Article, lab: Lab, publication: Publication) -> str:
    return "\n".join(_lines(article, lab, publication)) + "\n"


def _lines(article: Article, lab: Lab, publication: Publication) -> Iterator[str]:
    identity = publication.identity
    yield f"The lab of “{article.title}”"
    if identity.url:
        yield identity.absolute(article.url)
    against = ", ".join(f"{product} {version}" for product, version in lab.versions)
    yield from ("", "Each test verifies a claim of the article. It starts the servers that it needs, and stops them.")
    yield f"Last run: {long_date(lab.ran)}, on {lab.machine}{f', with {against}' if against else ''}."
    yield "The measurements of that run are in record.json."
    if identity.repository:
        clone = identity.repository.rstrip("/")
        yield from ("", "To run it, clone the repository. On Debian 12 this installs everything it needs:", "")
        yield f"    git clone {clone}"
        yield f"    cd {clone.rpartition('/')[2]}"
        yield f"    make lab ARTICLE={article.slug}"
        yield from ("", "With only these files, and the servers installed, run in the folder of this file:", "")
        yield "    python3 -m venv .venv"
        yield f'    .venv/bin/pip install "engblog[test] @ git+{clone}"'
        yield "    .venv/bin/python -m pytest"
    yield from ("", "A lab is a program: read it before you run it.")
    if identity.copyright:
        yield identity.copyright
