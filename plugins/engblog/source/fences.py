"""Code fences: the text behind the marks of their first line, which CommonMark calls the info string."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from engblog.model.problems import quote

_LANGUAGE = re.compile(r"\.?(?P<name>[\w#.+-]+)")
_OPTION = re.compile(
    r"(?<![\w:.@-])(?P<lead>(?:(?![A-Za-z_:@])[\w.-])*+)(?P<key>[A-Za-z_:@][\w:.@-]*+)\s*+=\s*+(?P<value>\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[^\s\"'{}]*)"
)
_LIST = re.compile(r"\{[ \t]*+(?P<inside>[^{}]*)\}")
_IN_BRACES = re.compile(r"(?<!=)(?<!= )\{[^{}]*\}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LISTED = re.compile(r"[.#][\w:-]+|(?<![\w:-])[\w:-]++=(?:\"[^\"]*\"|'[^']*'|[^\s\"'{}=]+)")
_LINES = re.compile(r"\d+(?:-\d+)?(?:\s+\d+(?:-\d+)?)*")
_NUMBERS = re.compile(r"\d+(?:[ \t]+\d+){0,2}")
_OPTIONS = {"title": None, "hl_lines": _LINES, "linenums": _NUMBERS}
_TITLES = frozenset({"filename", "file", "name", "caption", "label", "header", "path"})
"""Options by which other sites name a block's title."""
_HIGHLIGHTS = frozenset({"highlight", "highlights", "hl", "hllines", "emphasize-lines", "hl-lines", "mark", "lines"})


@dataclass(frozen=True, slots=True)
class Info:
    """The text behind the marks of a fence's first line."""

    language: str = ""
    title: str = ""
    written: str = ""
    """The same in the form that the renderer knows."""
    problem: str = ""
    """A part of it that means nothing, as a message; empty if there is none."""
    hint: str = ""


def read_info(text: str) -> Info:
    """Read *text*. The first word is the language; ``title``, ``hl_lines`` and ``linenums`` are options.

    As on GitHub, other words say nothing to a reader; anything that looks like an option and is none is a problem.
    """
    text = text.strip()
    if text.startswith("{"):
        return _listed(text)
    found = _LANGUAGE.match(text)
    language = found["name"] if found and not text[found.end() :].startswith("=") else ""
    rest = text[found.end() :] if found and language else text
    if not rest or rest[0] in " \t":
        pass
    elif not _is_language(language):  # `12:15:src/main.rs`, `src/main.rs`: a place, and no language
        language = ""
    if marked := _IN_BRACES.search(_QUOTED.sub(lambda value: "x" * len(value[0]), rest)):
        return _braced(language, rest[marked.start() : marked.end()])
    options: dict[str, str] = {}
    for option in _OPTION.finditer(rest):
        key, value = option["key"], option["value"]
        problem = _wrong_option(key, value)
        if problem is not None:
            return Info(language, written=language, problem=problem[0], hint=problem[1])
        options[key] = value[1:-1]
    for word in _OPTION.sub(r"\g<lead>", rest).split():
        if word in _OPTIONS:
            example = {"title": "…", "hl_lines": "1 3-5", "linenums": "1"}[word]
            return Info(
                language, written=language, problem=f"{quote(word)} has no value", hint=f'write {word}="{example}"'
            )
    written = " ".join([language, *(f"{key}={_quoted(value)}" for key, value in options.items())]).strip()
    if options and not language:
        written = f"text {written}"
    return Info(language, options.get("title", ""), written)


def _braced(language: str, text: str) -> Info:
    """The problem with *text*, which is in braces behind the language."""
    inside = text[1:-1].strip()
    if any(option["key"] in _OPTIONS for option in _OPTION.finditer(inside)):
        hint = f"write {inside}"
    elif lines := " ".join(re.findall(r"\d+(?:-\d+)?", inside)):
        hint = f'write hl_lines="{lines}"'
    else:
        hint = 'the options are title="…", hl_lines="1 3-5" and linenums="1"'
    return Info(language, written=language, problem=f"{quote(text)} means nothing here", hint=hint)


def _wrong_option(key: str, value: str) -> tuple[str, str] | None:
    quoted = value[:1] in {'"', "'"} and len(value) > 1
    bare = value[1:-1] if quoted or value.startswith("{") else value
    name = "title" if key.lower() in _TITLES else "hl_lines" if key.lower() in _HIGHLIGHTS else key
    if name not in _OPTIONS:
        hint = 'remove it; the options are title="…", hl_lines="1 3-5" and linenums="1"'
        return f"{quote(f'{key}={value}')} is not an option of code", hint
    pattern = _OPTIONS[name]
    if pattern is not None and not pattern.fullmatch(bare):
        numbers = " ".join(re.findall(r"\d+(?:-\d+)?", bare)) if name == "hl_lines" else "1"
        return f"{quote(f'{key}={value}')} names no lines", f'write {name}="{numbers or "1 3-5"}"'
    if name != key or not quoted:
        return f"{quote(f'{key}={value}')} is not an option of code", f'write {name}="{bare or "…"}"'
    return None


def _listed(text: str) -> Info:
    found = _LIST.fullmatch(text)
    parts = found["inside"].split() if found else []
    listed = _LISTED.findall(found["inside"]) if found else []
    left = _LISTED.sub("", found["inside"]).strip() if found else text
    language = next((part[1:] for part in listed if part.startswith(".")), "")
    options = {key: value.strip("\"'") for key, _, value in (part.partition("=") for part in listed) if value}
    title = options.pop("title", "")
    classes, ids = ([part for part in listed if part[0] == sign] for sign in ".#")
    wrong = (
        left
        or next(iter((*ids, *classes[1:])), "")
        or next(
            (
                key
                for key, value in options.items()
                if key not in _OPTIONS or not (_OPTIONS[key] or _LINES).fullmatch(value)
            ),
            "",
        )
    )
    if wrong or not parts:
        name = _LANGUAGE.search(text.strip("{}. \t"))
        language = name["name"] if name and _is_language(name["name"]) else ""
        hint = f'write ```{language} or ```{language or "python"} title="…" hl_lines="1 3-5" linenums="1"'
        return Info(language, written=language, problem=f"{quote(text)} cannot be read", hint=hint)
    return Info(language, title, text)


def _is_language(name: str) -> bool:
    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        return False
    return True


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'
