"""Makes problems of what pages' texts, extensions and templates raise, so that authors read a file's name, not a
traceback."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.pages import Page

from engblog.disk.time_limit import TooLongError, too_long
from engblog.model.problems import Code, Mark, Problem, quote

_TEMPLATES = (".html", ".xml")
_ALL_OF_IT = ("MemoryError", "RecursionError")


def is_expected(error: BaseException) -> bool:
    """True if *error* ends the build on purpose, with a message for people."""
    return isinstance(error, MkDocsException | SystemExit)


def problem_of(error: Exception, path: str) -> Problem:
    """The problem that making the page of the file *path* raised *error*."""
    if isinstance(error, TooLongError):
        return too_long(path)
    said = " ".join(str(error).split())[:300]
    message = f"the page cannot be made: {type(error).__name__}{f': {said}' if said else ''}"
    hint = "take parts out until it can be"
    if type(error).__name__ not in _ALL_OF_IT and (place := _place_of(error)):
        hint += f"; it was raised in {place}"
    return Problem(Mark(path), Code.B002_FAILED, message, hint)


def problem_of_build(error: Exception, prefix: str, config_file: str) -> Problem:
    """The problem with the file whose page or template raised *error* during a build; *prefix* leads to the docs
    folder. If it was none, the problem is one of *config_file*."""
    if isinstance(error, TemplateError) and (found := _of_template(error)) is not None:
        return found
    page = _page_of(error)
    if page is not None:
        return problem_of(error, prefix + page.file.src_uri)
    if isinstance(error, OSError) and error.filename is not None:
        name = _relative(str(error.filename))
        message = f"the build cannot use it: {error.strerror or error}"
        return Problem(Mark(name), Code.B002_FAILED, message, "check what it is, and its permissions")
    template = next((place for place in reversed(_places(error)) if place[0].endswith(_TEMPLATES)), None)
    path = _relative(template[0]) if template else config_file
    said = " ".join(str(error).split())[:300]
    message = f"the site cannot be built: {type(error).__name__}{f': {said}' if said else ''}"
    hint = f"it was raised in {_place_of(error)}; `--verbose` shows how it came to that"
    return Problem(Mark(path, template[1] if template else 1), Code.B002_FAILED, message, hint)


def _of_template(error: TemplateError) -> Problem | None:
    """The problem with the template that Jinja cannot read or find; None if it cannot tell which it is."""
    named = error if isinstance(error, TemplateSyntaxError) and error.filename else None
    including = next((place for place in reversed(_places(error)) if place[0].endswith(_TEMPLATES)), None)
    if named is not None:
        mark, hint = Mark(_relative(str(named.filename)), named.lineno), "correct the template"
        return Problem(mark, Code.B002_FAILED, f"the template cannot be read: {_said(error)}", hint)
    if isinstance(error, TemplateNotFound) and including is not None:
        mark, hint = (
            Mark(_relative(including[0]), including[1]),
            "write the path of a template, from a folder of the theme",
        )
        return Problem(mark, Code.B002_FAILED, f"there is no template {quote(str(error.name))}", hint)
    return None


def _said(error: Exception) -> str:
    return " ".join(str(getattr(error, "message", None) or error).split())[:300]


def _page_of(error: Exception) -> Page | None:
    """The page that the host was making when *error* was raised."""
    found: Page | None = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        page = frame.f_locals.get("page")
        if isinstance(page, Page):
            found = page
    return found


def _places(error: Exception) -> list[tuple[str, int]]:
    """Files and lines that *error* passed, the innermost last; Jinja puts those of templates among them."""
    return [(each.filename, each.lineno or 1) for each in traceback.extract_tb(error.__traceback__)]


def _place_of(error: Exception) -> str:
    places = _places(error)
    return f"{_relative(places[-1][0])}:{places[-1][1]}" if places else ""


def _relative(path: str) -> str:
    try:
        return Path(path).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path
