"""Brings an old blog into a docs folder: tries the result in a copy, and writes only what nobody has edited since.

A file beside ``mkdocs.yml`` remembers the folder that each post got and the digest of each file that was written. A
file whose digest is another was edited, and stays unchanged, and one that was deleted stays deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engblog.disk import clock
from engblog.disk.docs import display_path
from engblog.disk.import_memory import MEMORY, ImportingError, Memory, content_digest, replace_file
from engblog.disk.import_trial import Rendered, Trial
from engblog.disk.old_blog import open_blog
from engblog.disk.pictures import read_file
from engblog.disk.project import Project
from engblog.disk.remote_pictures import fetch_picture, remembering
from engblog.importing.dialect import Dialect, OldBlog
from engblog.importing.docusaurus import Docusaurus
from engblog.importing.hugo import Hugo
from engblog.importing.jekyll import Jekyll
from engblog.importing.material import Material
from engblog.importing.mkdocs import MkDocs
from engblog.importing.remarks import Effect, Remark
from engblog.importing.terms import tag_names, with_people, with_terms
from engblog.importing.translate import Imported, NewArticle, Translation, Wishes
from engblog.model.problems import Problem, Problems
from engblog.source.vocabulary import read_people, read_taxonomy

DIALECTS: Mapping[str, Callable[[OldBlog], Dialect]] = {
    "material": Material,
    "hugo": Hugo,
    "jekyll": Jekyll,
    "docusaurus": Docusaurus,
    "mkdocs": MkDocs,
}
"""The systems whose posts can be imported."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """An import as its user asks for it."""

    system: str
    folder: Path
    posts: tuple[str, ...] = ()
    category: str = "Blog"
    url: str = ""
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A post that became an article."""

    old: str
    new: str
    """The article's file, from the working directory."""
    state: str
    """``new``, ``updated``, ``unchanged``, ``edited`` (by somebody since the last import) or ``deleted``."""
    status: str
    """``published`` or ``draft``."""


@dataclass(slots=True)
class ImportReport:
    """Everything that an import did, and what it left."""

    moved: list[Moved] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    """Problems of the articles, each with the post that it comes from."""
    added: dict[str, list[str]] = field(default_factory=dict)
    """New names by the file of the vocabulary that has them."""
    files: int = 0
    """Files that were written, or would be."""

    @property
    def left(self) -> list[Remark]:
        """The notes on what is left to a person."""
        return [each for each in self.remarks if each.effect is Effect.LEFT]

    @property
    def by_hand(self) -> set[str]:
        """The posts for which something is left to a person."""
        return {each.path for each in self.left} | {path for path, _ in self.problems}


def run_import(project: Project, order: ImportOrder, rendered: Rendered, *, dry_run: bool = False) -> ImportReport:
    """Import what *order* says into *project*, and report on it. Raises :class:`ImportingError`, nothing written."""
    articles = project.docs / project.settings.articles_dir
    blog = open_blog(order.folder, url=order.url, posts=order.posts, leave_out=articles)
    dialect = DIALECTS[order.system](blog)
    memory = Memory.read(project.root / MEMORY, f"{order.folder.resolve().name}/")
    writer = _Writer(project, memory)
    fetch = remembering(fetch_picture) if order.fetch else None
    wishes = Wishes(
        writer.taxonomy,
        writer.people,
        order.category,
        clock.now(),
        project.settings.articles_dir,
        project.settings.site_url,
        memory.slugs(),
        frozenset(_folders(articles)) - memory.own_folders(),
        memory.fetched(project.docs, fetch),
    )
    translation = Translation(dialect, wishes)
    imported = translation.result()
    if not imported.articles and not imported.remarks:
        raise ImportingError(_nothing(order, dialect))
    trial, drafts = Trial(project, rendered), frozenset[str]()
    while True:  # a draft changes the posts that link to it, which can make them drafts; there are never fewer of them
        planned = writer.plan(imported)
        problems = [*writer.tried(planned, imported, trial)]
        if drafts.issuperset(path for path, _ in problems):
            break
        drafts |= {path for path, _ in problems}
        imported = translation.result(drafts)
    if not dry_run:
        writer.write(planned, imported, memory)
    return writer.report(planned, imported, problems)


def _nothing(order: ImportOrder, dialect: Dialect) -> str:
    where = f"{dialect.config_path} is its configuration; " if dialect.config_path else (
        f"there is none of {', '.join(dialect.configs)} in it; ")  # fmt: skip
    return f"{order.folder}: no posts for {order.system} were found: {where}name their folder with --posts"


def _folders(articles: Path) -> Iterator[str]:
    try:
        yield from (path.name for path in articles.iterdir() if path.is_dir())
    except OSError:
        return


@dataclass(frozen=True, slots=True)
class _Planned:
    """A file that an import has a content for."""

    name: str
    """Its path from the docs folder."""
    data: bytes
    state: str
    post: str = ""

    @property
    def is_kept(self) -> bool:
        """True for an article that its author edited or deleted since the last import."""
        return self.name.endswith("/index.md") and self.state in {"edited", "deleted"}


class _Writer:
    def __init__(self, project: Project, memory: Memory) -> None:
        self._project, self._memory = project, memory
        self._docs, self._settings = project.docs, project.settings
        self._prefix = display_path(project.docs)
        problems = Problems()
        self._taxonomy_data = read_file(self._docs / self._settings.taxonomy)
        self._people_data = read_file(self._docs / self._settings.authors)
        self.people = read_people(self._people_data, self._prefix + self._settings.authors, problems)
        taxonomy = b"tags: []\n" if self._taxonomy_data is None else self._taxonomy_data
        self.taxonomy = read_taxonomy(taxonomy, self._prefix + self._settings.taxonomy, problems)
        if problems.found:
            raise ImportingError("\n".join(["correct the vocabulary first:", *map(str, problems.sorted())]))
        self._added: dict[str, list[str]] = {}

    def plan(self, imported: Imported) -> list[_Planned]:
        """Every file of *imported*, and what is to be done with it."""
        planned: list[_Planned] = []
        kept: list[NewArticle] = []
        for article in imported.articles:
            folder = f"{self._settings.articles_dir}/{article.slug}"
            own = self._planned(f"{folder}/index.md", article.text().encode(), article.path)
            planned.append(own)
            if own.is_kept:
                continue  # the author decides which pictures and tags it has
            kept.append(article)
            planned += (self._planned(f"{folder}/{name}", data, article.path) for name, data in article.files.items())
        planned += self._vocabulary(imported, kept)
        return planned

    def _planned(self, name: str, data: bytes, post: str) -> _Planned:
        there = read_file(self._docs / name)
        remembered = self._memory.files.get(name)
        if there is None:
            state = "new" if remembered is None else "deleted"
        elif there == data:
            state = "unchanged"
        else:
            state = "updated" if content_digest(there) == remembered else "edited"
        return _Planned(name, data, state, post)

    def _vocabulary(self, imported: Imported, articles: Iterable[NewArticle]) -> Iterator[_Planned]:
        tags, categories = tag_names(self.taxonomy), {each.term.name for each in self.taxonomy.categories}
        known_tags = set(tags.known.values())
        articles = [*articles]
        new_tags = dict.fromkeys(tag for each in articles for tag in each.tags if tag not in known_tags)
        new_categories = dict.fromkeys(each.category for each in articles if each.category not in categories)
        used = {key for each in articles for key in each.authors}
        people = {key: person for key, person in imported.new_people.new.items() if key in used}
        self._added = {}
        if new_tags or new_categories:
            old = None if self._taxonomy_data is None else self._taxonomy_data.decode("utf-8-sig")
            new = with_terms(old, sorted(new_categories), sorted(new_tags, key=str.casefold))
            if new is None:
                names = ", ".join([*new_categories, *new_tags])
                path = self._prefix + self._settings.taxonomy
                message = (
                    f"{path} has its lists in brackets: write them with a line for each term, `- name: …`, so that"
                )
                raise ImportingError(f"{message} these can be added: {names}")
            self._added[self._settings.taxonomy] = [*sorted(new_categories), *sorted(new_tags, key=str.casefold)]
            yield _Planned(self._settings.taxonomy, new.encode(), "vocabulary")
        if people:
            old = None if self._people_data is None else self._people_data.decode("utf-8-sig")
            self._added[self._settings.authors] = [person.name for person in people.values()]
            yield _Planned(self._settings.authors, with_people(old, people).encode(), "vocabulary")

    def tried(self, planned: Iterable[_Planned], imported: Imported, trial: Trial) -> Iterator[tuple[str, Problem]]:
        """The problems that the imported articles would have, each with its post."""
        kept = {each.post for each in planned if each.is_kept}
        files = {each.name: each.data for each in planned if each.state in {"new", "updated", "vocabulary"}}
        articles = [each for each in imported.articles if each.path not in kept]
        for article, problem in trial.problems(files, articles):
            yield article.path, problem

    def write(self, planned: list[_Planned], imported: Imported, memory: Memory) -> None:
        """Write the files of *planned*. The memory of folders is written first, that of contents last: an import that
        is interrupted goes on where it was."""
        memory.posts |= {memory.lead + each.path: each.slug for each in imported.articles}
        memory.write()
        done: dict[str, str] = {}
        for each in planned:
            if each.state in {"new", "updated", "vocabulary"}:
                replace_file(self._docs / each.name, each.data)
            if each.state in {"new", "updated", "unchanged"}:
                done[each.name] = content_digest(each.data)
        own = {f"{self._settings.articles_dir}/{each.slug}/{name}" for each in imported.articles for name in each.files}
        for article in imported.articles:
            for address, name in article.fetched.items():
                path = f"{self._settings.articles_dir}/{article.slug}/{name}"
                if path in own:
                    memory.pictures[address] = path
        memory.files |= done
        self._remove_unused(planned, imported, memory)
        memory.write()

    def _remove_unused(self, planned: list[_Planned], imported: Imported, memory: Memory) -> None:
        """Remove the pictures of an earlier import that its articles do not show any more, unless somebody edited
        them: nothing refers to them."""
        names = {each.name for each in planned}
        updated = {
            each.post for each in planned if each.name.endswith("/index.md") and each.state in {"updated", "unchanged"}
        }
        leads = tuple(
            f"{self._settings.articles_dir}/{each.slug}/" for each in imported.articles if each.path in updated
        )
        for name in [*memory.files]:
            if leads and name.startswith(leads) and name not in names:
                data = read_file(self._docs / name)
                if data is not None and content_digest(data) == memory.files[name]:
                    (self._docs / name).unlink()
                del memory.files[name]

    def report(self, planned: list[_Planned], imported: Imported, problems: list[tuple[str, Problem]]) -> ImportReport:
        """Everything that was done."""
        states = {each.post: each for each in planned if each.name.endswith("/index.md")}
        articles = {each.path: each for each in imported.articles}
        moved = [
            Moved(path, self._prefix + each.name, each.state, "draft" if articles[path].is_draft else "published")
            for path, each in states.items()
        ]
        kept = {path for path, each in states.items() if each.is_kept}
        remarks = [*imported.remarks]
        for article in imported.articles:
            if article.path not in kept:
                remarks += article.remarks.found
        changed = sum(each.state in {"new", "updated", "vocabulary"} for each in planned)
        return ImportReport(
            moved, remarks, problems, {self._prefix + name: names for name, names in self._added.items()}, changed
        )
