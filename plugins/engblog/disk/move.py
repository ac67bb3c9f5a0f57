"""Moving an article: its folder, its address, and everything that refers to them; completely, or not at all.

The changes are worked out in memory and tried on a copy of the docs folder. Only if the copy has no new problems is
anything written. If writing fails, everything is put back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from engblog.disk.docs import check_docs, display_path
from engblog.disk.project import Project
from engblog.disk.walk import FILLED_BY_TOOLS
from engblog.model.article import Article, is_public
from engblog.model.errors import EngblogError
from engblog.model.problems import Problem, did_you_mean
from engblog.model.text import is_slug, slugify
from engblog.model.urls import WELL_KNOWN, fold_path
from engblog.site.catalogue import Catalogue
from engblog.source.edit import (
    Edit,
    RewriteError,
    Yaml,
    add_id,
    apply_changes,
    change_aliases,
    change_day,
    front_matter,
    moved_links,
    moved_targets,
    plain_front_matter,
    plain_yaml,
    rename_required,
)


class MoveError(EngblogError):
    """The article is not moved, and nothing has changed; the message says why."""


@dataclass(frozen=True, slots=True)
class Written:
    """A changed file: its text before and after, and the changes."""

    path: Path
    shown: str
    before: bytes
    after: bytes
    changes: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class MovePlan:
    """Everything that a move will do, worked out and tried in advance."""

    old: Path
    new: Path
    """The article's folder: old before the move, new after it."""
    article: Article
    """The article before the move."""
    url: str
    """The new address, a path from the site's root."""
    files: tuple[Written, ...]
    """The files that change, at their paths before the move."""
    alias: bool
    """True if the old address will redirect to the new one."""
    public: bool
    """True if readers may know the old address."""
    held_back: bool
    """True if the new date is in the future."""


@dataclass(frozen=True, slots=True)
class MovingArticle:
    """The article that somebody wants to move, and the site that it is in."""

    article: Article
    site: Catalogue
    public: bool


def find_article(project: Project, named: str) -> MovingArticle:
    """Find the article by its slug, its folder, or its ``index.md``. Raises :class:`MoveError`."""
    articles = project.docs / project.settings.articles_dir
    slugs = sorted(path.parent.name for path in articles.glob("*/index.md"))
    slug = named if named in slugs else _slug_of(Path(named), articles)
    if slug not in slugs:
        hint = did_you_mean(slug or Path(named).name, slugs) or f"name a folder of {articles}"
        raise MoveError(f"there is no article {named!r}; {hint}")
    site = check_docs(project.docs, project.settings)
    every = (*site.site.articles, *site.site.hidden)
    article = next((each for each in every if each.slug == slug), None)
    if article is None:
        raise MoveError(f"{slug} has problems, so its address is unknown; `engblog check` lists them")
    return MovingArticle(article, site, is_public(article, site.site.now))


def _slug_of(path: Path, articles: Path) -> str:
    folder = path.parent if path.name == "index.md" else path
    return folder.resolve().name if folder.resolve().parent == articles.resolve() else ""


def plan_move(project: Project, found: MovingArticle, slug: str, day: date, *, alias: bool) -> MovePlan:
    """Work out the move of the article *found* to the folder *slug* and the date *day*, and try it on a copy.

    With *alias*, its old address will lead to the new one. Raises :class:`MoveError`; nothing is written.
    """
    article = found.article
    articles = project.docs / project.settings.articles_dir
    old, new = articles / article.slug, articles / slug
    _check_target(article, slug, day, articles)
    lead = project.settings.articles_dir
    url = f"{lead}/{day:%Y/%m/%d}/{slug}/"
    first = _id_to_write(article, url, alias=alias) if found.public else None
    files = tuple(_changed_files(project, article, slug, day, url, alias=alias, first=first))
    before = f"{lead}/{article.slug}/"
    try:
        new_problems = _new_problems(project, found.site, files, before, f"{lead}/{slug}/")
    except OSError as error:
        raise MoveError(f"nothing was moved: the site could not be copied to try the move first: {error}") from None
    if new_problems:
        said = "\n".join(str(problem) for problem in new_problems)
        raise MoveError(f"nothing was moved, because the move would cause problems:\n{said}")
    held_back = found.public and article.published.on(day).instant > found.site.site.now
    return MovePlan(old, new, article, url, files, alias, found.public, held_back)


def _id_to_write(article: Article, url: str, *, alias: bool) -> str | None:
    """The ``id`` to write so that feeds still recognize *article*; None if its addresses still give the same id."""
    after = [each.path for each in article.aliases if each.path != url] + ([article.url] if alias else [])
    lasts = article.id is not None or [*after, url][0] == article.first_url
    return None if lasts else f"/{article.first_url}"


def _check_target(article: Article, slug: str, day: date, articles: Path) -> None:
    if not is_slug(slug):
        example = slugify(slug) or "why-fsync-lies"
        raise MoveError(f"{slug!r} cannot be an address; use lower-case letters, digits and hyphens: {example!r}")
    if slug == article.slug and day == article.published.day:
        raise MoveError(f"{slug} of {day} is already there; give another name, --date, or both")
    names = sorted(path.name for path in articles.iterdir())
    taken = [name for name in names if fold_path(name) == fold_path(slug) and name != article.slug]
    if taken and slug != article.slug:
        how = "already exists" if slug in taken else f"would differ only by letter case from {taken[0]}"
        raise MoveError(f"{articles / slug} {how}; choose another name, or move that one first")


def _changed_files(
    project: Project, article: Article, slug: str, day: date, url: str, *, alias: bool, first: str | None
) -> Iterator[Written]:
    docs, prefix = project.docs, display_path(project.docs)
    old_folder = article.src_uri.rpartition("/")[0]
    for name in _texts(docs):
        own = name == article.src_uri

        def changes(text: str, name: str = name, own: bool = own) -> Iterator[Edit]:
            if own:
                own_front = front_matter(text)
                if day != article.published.day:
                    yield change_day(own_front, article.published.day.isoformat(), day.isoformat())
                if first is not None:
                    yield add_id(own_front, first)
                yield from change_aliases(own_front, add=f"/{article.url}" if alias else None, remove=f"/{url}")
            if slug != article.slug:
                if name.startswith(f"{project.settings.articles_dir}/") and (front := _front(text)) is not None:
                    yield from rename_required(front, article.slug, slug)
                yield from moved_links(text, name.rpartition("/")[0], old_folder, slug)

        if (written := _written(docs / name, prefix + name, changes)) is not None:
            if own:
                _check_front(written, article, slug, day, url, alias=alias, first=first)
            yield written
    redirects = project.settings.redirects

    def targets(text: str) -> Iterator[Edit]:
        yield from moved_targets(text, article.url, url)

    if (written := _written(docs / redirects, prefix + redirects, targets)) is not None:
        if _targets_after(written.before, article.url, url) != plain_yaml(_text(written.after)):
            raise MoveError(f"{written.shown} has a form that cannot be edited automatically: change it by hand")
        yield written


def _front(text: str) -> Yaml | None:
    try:
        return front_matter(text)
    except (RewriteError, yaml.YAMLError):
        return None


def _texts(docs: Path) -> list[str]:
    """Every Markdown file below *docs*, as a path from it, sorted."""
    found = []
    for folder, names, files in os.walk(docs, followlinks=True):
        names[:] = [name for name in names if not name.startswith(".") and name not in FILLED_BY_TOOLS]
        found += [Path(folder, name) for name in files if name.endswith(".md") and not name.startswith(".")]
    return sorted(path.relative_to(docs).as_posix() for path in found)


def _written(path: Path, shown: str, changes: Callable[[str], Iterable[Edit]]) -> Written | None:
    try:
        before = path.read_bytes()
        text = before.decode()
    except (OSError, UnicodeDecodeError):
        return None  # missing, or not text, so nothing in it can name the article
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    try:
        made = tuple(changes(text.removeprefix(mark)))
    except RewriteError as error:
        raise MoveError(f"nothing was moved: {shown}: {error}") from None
    except yaml.YAMLError:
        return None
    if not made:
        return None
    after = (mark + apply_changes(text.removeprefix(mark), made)).encode()
    return Written(path, shown, before, after, made)


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _check_front(
    written: Written, article: Article, slug: str, day: date, url: str, *, alias: bool, first: str | None
) -> None:
    """Check that only the intended parts of the front matter have changed."""
    expected: dict[str, Any] = dict(plain_front_matter(_text(written.before)) or {})
    expected["date"] = expected["date"].replace(article.published.day.isoformat(), day.isoformat(), 1)
    kept = [each for each in expected.get("aliases") or [] if str(each).strip("/") != url.strip("/")]
    aliases = [*kept, *([f"/{article.url}"] if alias else [])]
    expected.pop("aliases", None)
    if first is not None:
        expected["id"] = first
    if expected.get("requires"):
        expected["requires"] = [slug if each == article.slug else each for each in expected["requires"]]
    after = dict(plain_front_matter(_text(written.after)) or {})
    if (after.pop("aliases", None) or []) != aliases or after != expected:
        raise MoveError(f"{written.shown} has a form that cannot be edited automatically: change it by hand")


def _targets_after(before: bytes, old: str, new: str) -> Any:
    def moved(target: Any) -> Any:
        was = f"/{old}".rstrip("/")
        if isinstance(target, str) and (target == was or target.startswith((f"{was}/", f"{was}#"))):
            return f"/{new}".rstrip("/") + target[len(was) :]
        return target

    plain = plain_yaml(_text(before))
    return {key: moved(target) for key, target in plain.items()} if isinstance(plain, dict) else plain


def _new_problems(
    project: Project, now: Catalogue, files: tuple[Written, ...], before: str, after: str
) -> list[Problem]:
    """The new problems that the site would have after the move, found in a copy of it."""
    # Beside the docs folder, where files can be linked rather than copied.
    with tempfile.TemporaryDirectory(prefix=f".{project.docs.name}.move-", dir=project.docs.parent) as folder:
        copy = Path(folder, "docs")
        shutil.copytree(
            project.docs, copy, ignore=_left_out, copy_function=_link, ignore_dangling_symlinks=True, symlinks=False
        )
        for file in files:
            target = copy / file.path.relative_to(project.docs)
            target.unlink()
            target.write_bytes(file.after)
        if before != after:
            (copy / before).rename(copy / after)
        then = check_docs(copy, project.settings)
        here, there = display_path(project.docs), display_path(copy)
    known = Counter(_key(problem, here, before, after) for problem in now.problems)
    found = []
    for problem in then.problems:
        key = _key(problem, there, before, after)
        if known[key]:
            known[key] -= 1
        else:
            found.append(_told(problem, there, here))
    return found


def _left_out(_: str, names: list[str]) -> set[str]:
    """Those of *names*, files and folders, that no site has."""
    well_known = WELL_KNOWN.rstrip("/")
    return {name for name in names if name in FILLED_BY_TOOLS or (name.startswith(".") and name != well_known)}


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _key(problem: Problem, prefix: str, before: str, after: str) -> tuple[str, int, str, str]:
    """The key by which a problem is the same before and after; without its column, which a longer link would shift."""
    path = problem.mark.path.removeprefix(prefix)
    if path.startswith(before):
        path = after + path.removeprefix(before)
    message = problem.message.replace(prefix, "").replace(before, after)
    return path, problem.mark.line, problem.code.id, message


def _told(problem: Problem, prefix: str, here: str) -> Problem:
    mark = problem.mark
    return Problem(
        type(mark)(here + mark.path.removeprefix(prefix), mark.line, mark.column),
        problem.code,
        problem.message.replace(prefix, here),
        problem.hint.replace(prefix, here),
    )


def carry_out(plan: MovePlan) -> None:
    """Do what *plan* says. Raises :class:`MoveError`, with everything as it was."""
    real = plan.old.resolve()
    try:
        with ExitStack() as undo:
            backups = _replaced(plan.files, undo)
            if plan.old != plan.new:
                if plan.new.exists() and not plan.new.samefile(plan.old):
                    raise MoveError(f"{plan.new} already exists")
                plan.old.rename(plan.new)
            undo.pop_all()
    except OSError as error:
        raise MoveError(f"nothing was moved: {error}") from None
    for backup in backups:
        moved = plan.new.resolve() / backup.relative_to(real) if backup.is_relative_to(real) else backup
        moved.unlink()


def _replaced(files: Iterable[Written], undo: ExitStack) -> list[Path]:
    """Rewrite *files*, each with a backup beside it; return the backups. *undo* receives a callback for each step."""
    for file in files:
        if file.path.read_bytes() != file.before:
            raise MoveError(f"{file.shown} has changed in the meantime: run the command again")
    backups = []
    for file in files:
        path = file.path.resolve()
        fresh, backup = path.with_name(f".{path.name}.moving"), path.with_name(f".{path.name}.before")
        undo.callback(fresh.unlink, missing_ok=True)
        fresh.write_bytes(file.after)
        shutil.copymode(path, fresh)
        path.rename(backup)
        undo.callback(backup.replace, path)
        fresh.rename(path)
        backups.append(backup)
    return backups
