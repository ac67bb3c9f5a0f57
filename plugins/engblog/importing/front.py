"""The front matter of an old post: YAML between ``---``, TOML between ``+++``, or JSON in braces.

YAML is read with every value as the text that its author wrote: a date keeps its zone, and ``no`` stays a word.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from engblog.importing.remarks import Remarks

_DASHES = re.compile(r"---[ \t]*(?:\n|$)")
_PLUSES = re.compile(r"\+\+\+[ \t]*(?:\n|$)")
_KEY = re.compile(r"(?P<lead>[A-Za-z_][\w-]*:[ \t]+)(?P<value>\S.*)")
_LISTED = re.compile(r"(?P<lead>[ \t]*-[ \t]+)(?P<value>\S.*)")
_MOST_NODES, _DEEPEST = 20_000, 20


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter of a post, and the text below it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Texts, lists and mappings, and what TOML and JSON have besides; keys in lower case."""
    body: str = ""
    body_line: int = 1
    is_there: bool = False

    def text(self, *keys: str) -> str:
        """The first of *keys* that has a text or a number, as text."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, bool):
                return "true" if value else "false"
            if value is not None and not isinstance(value, Mapping | list) and str(value).strip():
                return " ".join(str(value).split())
        return ""

    def texts(self, *keys: str) -> list[str]:
        """The texts of all *keys*, each a list, or words with commas between them."""
        found: list[str] = []
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str):
                found += [part.strip() for part in value.strip("[]").split(",")] if "," in value else [value.strip()]
            elif isinstance(value, list):
                found += [_name(each) for each in value]
            elif value is not None and not isinstance(value, Mapping):
                found.append(str(value))
        return [text for text in dict.fromkeys(found) if text]

    def is_true(self, key: str) -> bool:
        """True if *key* is set to yes."""
        return self.text(key).lower() in {"true", "yes", "on"}


def _name(value: Any) -> str:
    if isinstance(value, Mapping):
        return next((str(value[key]) for key in ("label", "name", "title") if value.get(key)), "")
    return "" if value is None or isinstance(value, list) else " ".join(str(value).split())


def read_front(text: str, remarks: Remarks) -> Front | None:
    """Take *text* apart; None, and a remark, if its front matter cannot be read."""
    lead = len(text) - len(text.lstrip("\n"))
    start = text[lead:]
    if found := _DASHES.match(start):
        end = _end(start, found.end(), ("---", "..."))
        if end is not None:
            return _read(_yaml_values, start[found.end() : end[0]], text, lead + end[1], remarks)
    elif found := _PLUSES.match(start):
        end = _end(start, found.end(), ("+++",))
        if end is not None:
            return _read(tomllib.loads, start[found.end() : end[0]], text, lead + end[1], remarks)
    elif start.startswith("{"):
        try:
            values, length = json.JSONDecoder().raw_decode(start)
        except (ValueError, RecursionError):
            return Front(body=text)
        if isinstance(values, Mapping):
            return _front(values, text, lead + length)
    return Front(body=text)


def _end(text: str, at: int, marks: tuple[str, ...]) -> tuple[int, int] | None:
    """The end of the front matter that begins at *at*, and the start of the text behind it."""
    while at <= len(text):
        line_end = text.find("\n", at)
        line = text[at:] if line_end < 0 else text[at:line_end]
        if line.rstrip() in marks:
            return at, len(text) if line_end < 0 else line_end + 1
        if line_end < 0:
            return None
        at = line_end + 1
    return None


def _read(parse: Any, source: str, text: str, end: int, remarks: Remarks) -> Front | None:
    try:
        values = parse(source)
    except yaml.YAMLError as error:
        repaired = _repaired(source)
        try:
            values = _yaml_values(repaired)
        except yaml.YAMLError:
            mark = getattr(error, "problem_mark", None)
            line = (mark.line if mark else 0) + 2
            said = getattr(error, "problem", None) or "it is not YAML"
            remarks.left(
                line, f"the front matter cannot be read: {said}", "correct it in the old file, and import again"
            )
            return None
        remarks.changed(2, "the front matter was not YAML: values with `: `, `@` or the like were read as text")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "correct it in the old file, and import again"
        remarks.left(2, f"the front matter cannot be read: {error}", hint)
        return None
    return _front(values if isinstance(values, Mapping) else {}, text, end)


def _front(values: Mapping[str, Any], text: str, end: int) -> Front:
    lowered = {str(key).strip().lower(): value for key, value in values.items()}
    return Front(lowered, text[end:], text.count("\n", 0, end) + 1, is_there=True)


def _repaired(source: str) -> str:
    """*source* with every value of one line that is not in quotes or brackets put into quotes."""
    lines = []
    for line in source.expandtabs(2).split("\n"):
        found = _KEY.fullmatch(line) or _LISTED.fullmatch(line)
        if (found and found["value"][0] not in "\"'[{|>") or (
            found and found["value"][0] in "\"'" and found["value"].rstrip()[-1:] != found["value"][0]
        ):
            value = found["value"].rstrip().replace("'", "''")
            line = f"{found['lead']}'{value}'"  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def _yaml_values(source: str) -> Any:
    return read_plain_yaml(source)


def read_plain_yaml(source: str) -> Any:
    """The value of *source*, YAML, with every scalar as the text that was written; None for nothing. Raises
    ``yaml.YAMLError``."""
    node = yaml.compose(source, Loader=yaml.BaseLoader)
    return None if node is None else _Plain().value(node, 0)


class _Plain:
    """Makes plain values of YAML's nodes, up to a number of them: aliases repeat what they lead to."""

    def __init__(self) -> None:
        self._count = 0

    def value(self, node: yaml.Node, depth: int) -> Any:
        self._count += 1
        if self._count > _MOST_NODES or depth > _DEEPEST:
            raise yaml.YAMLError("it is too long or nested too deeply")
        if isinstance(node, yaml.MappingNode):
            pairs: dict[str, Any] = {}
            for key, inner in node.value:
                name = self.value(key, depth + 1)
                value = self.value(inner, depth + 1)
                if name == "<<" and isinstance(value, Mapping):
                    pairs = {**value, **pairs}
                elif isinstance(name, str):
                    pairs[name] = value
            return pairs
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, depth + 1) for each in node.value]
        plain = getattr(node, "style", None) is None and node.value in {"", "~", "null", "Null", "NULL"}
        return None if plain else node.value


def read_settings_file(path: str, data: bytes) -> Mapping[str, Any]:
    """The settings in the file *path* with the bytes *data*: YAML, TOML or JSON by its ending; empty if unreadable."""
    try:
        text = data.decode("utf-8-sig")
        if path.endswith(".toml"):
            found: Any = tomllib.loads(text)
        elif path.endswith(".json"):
            found = json.loads(text)
        else:
            found = read_plain_yaml(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def dig(values: Any, *keys: str) -> Any:
    """The value below *keys* in nested mappings, letter case of keys ignored; None if there is none."""
    for key in keys:
        if not isinstance(values, Mapping):
            return None
        values = next((value for name, value in values.items() if str(name).lower() == key.lower()), None)
    return values


def as_list(value: Any) -> Sequence[Any]:
    """*value* as a list: itself, or with it as the only member; empty for None."""
    return value if isinstance(value, list) else [] if value is None else [value]
