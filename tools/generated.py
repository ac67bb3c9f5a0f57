"""Write what is generated from the code: the page of the plugin's options, and JSON Schemas for editors.

``make docs`` runs it. Each has one source: the options and their docstrings in ``EngblogOptions``, and the keys of the
front matter in ``FRONT_MATTER``. ``tests/project/test_schemas.py`` fails when a file is not what this would write.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from engblog.contract.waivers import Check
from engblog.hosts.mkdocs.options import EngblogOptions, _Allowed, _Natural
from engblog.source.fields import Key, Takes
from engblog.source.schema import FRONT_MATTER
from mkdocs.config import config_options as c
from mkdocs.config.base import BaseConfigOption

REPOSITORY = Path(__file__).parents[1]
OPTIONS_SOURCE = "plugins/engblog/hosts/mkdocs/options.py"
DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that YAML language servers read in full."""

Schema = dict[str, Any]


# The front matter

_ANY_DAY = r"^(199\d|20\d\d|210[0-5])-\d{2}-\d{2}"
_DAY = _ANY_DAY + "$"
_MOMENT = _ANY_DAY + r"(([Tt]|[ \t]+)\d{2}:\d{2}(:\d{2})?[ \t]*([Zz]|[+-]\d{2}(:?\d{2})?))?$"
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""The check takes a number or a truth value for the text that it is written as."""


def front_matter_schema() -> Schema:
    """A JSON Schema of an article's front matter. What only the vocabulary or other articles can tell is not in it."""
    about = "Made by `make docs` of FRONT_MATTER in plugins/engblog/source/schema.py."
    return {"$schema": DRAFT, "$comment": about, "title": "Front matter of an article", **_object(FRONT_MATTER)}


def _object(keys: tuple[Key, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {key.name: _key(key) for key in keys},
        "required": [key.name for key in keys if key.example],
        "additionalProperties": False,
    }


def _key(key: Key) -> Schema:
    value = _SHAPES[key.takes](key)
    if not key.example:  # a key with nothing behind it counts as missing
        value = {"anyOf": [value, {"type": "null"}]}
    return {"description": key.about, **value}


def _text(key: Key) -> Schema:
    if key.among:
        return {"enum": [*key.among]}
    if key.bounds:
        return {"type": "string", "minLength": key.bounds[0], "maxLength": key.bounds[1]}
    return _TEXT


def _texts(key: Key) -> Schema:
    least, most = key.bounds or (0, 0)
    counts = {"minItems": least, "maxItems": most} if key.bounds else {}
    return {"type": "array", "items": _TEXT, **counts}


_SHAPES: Mapping[Takes, Callable[[Key], Schema]] = {
    "text": _text,
    "truth": lambda _: {"type": "boolean"},
    "number": lambda _: {"type": "integer", "minimum": 1},
    "day": lambda _: {"type": "string", "pattern": _DAY},
    "moment": lambda _: {"type": "string", "pattern": _MOMENT},
    "texts": _texts,
    "keys": lambda key: _object(key.inner),
    "list of keys": lambda key: {"type": "array", "items": _object(key.inner)},
    "texts by name": lambda _: {"type": "object", "additionalProperties": _TEXT},
}


# The options of the plugin


def options() -> Iterator[tuple[str, BaseConfigOption[Any], str]]:
    """Each option of the plugin: name, definition, and the docstring below it as Markdown."""
    documented = docstrings(EngblogOptions)
    for name, option in EngblogOptions._schema:
        yield name, option, documented[name]


def docstrings(owner: type) -> dict[str, str]:
    """The docstrings that stand below the attributes of *owner*, on one line each, as Markdown."""
    (body,) = ast.parse(dedent(inspect.getsource(owner))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for here, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(here, ast.Assign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            (target,) = here.targets
            found[ast.unparse(target)] = _markdown(str(below.value.value))
    return found


def _markdown(text: str) -> str:
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    return " ".join(re.sub(r"``([^`]+)``", r"`\1`", text).split())


def option_schema(option: BaseConfigOption[Any]) -> Schema:
    """A JSON Schema of what *option* takes. Raises ``TypeError`` for a type of option that it does not know."""
    if isinstance(option, _Natural):
        return {"type": "integer", "minimum": option._least}
    if isinstance(option, _Allowed):
        names = {"enum": [check.value for check in Check]}
        return {"anyOf": [{"type": "array", "items": names}, {"type": "string"}]}
    if isinstance(option, c.Choice):
        return {"enum": [*option.choices]}
    if isinstance(option, c.Type) and option._type in {str, bool}:
        return {"type": "string" if option._type is str else "boolean"}
    raise TypeError(f"{type(option).__name__}: say in tools/generated.py what a value of this option looks like")


def options_schema() -> Schema:
    """A JSON Schema of the plugin's options."""
    properties = {
        name: {"description": about, **option_schema(option), "default": _default(option)}
        for name, option, about in options()
    }
    about = f"Made by `make docs` of EngblogOptions in {OPTIONS_SOURCE}."
    kind = {"type": ["object", "null"], "properties": properties, "additionalProperties": False}
    return {"$schema": DRAFT, "$comment": about, "title": "Options of the plugin engblog", **kind}


def mkdocs_schema() -> Schema:
    """A JSON Schema of ``mkdocs.yml`` that knows our plugin and leaves everything else alone."""
    entry = {"type": ["string", "object"], "properties": {"engblog": {"$ref": "options.json"}}}
    return {
        "$schema": DRAFT,
        "$comment": "Made by `make docs`. It knows the options of the plugin engblog and nothing else of the file.",
        "title": "mkdocs.yml of a site with the plugin engblog",
        "type": "object",
        "properties": {"plugins": {"type": ["array", "object"], "items": entry, "properties": entry["properties"]}},
    }


def _default(option: BaseConfigOption[Any]) -> Any:
    return [] if isinstance(option, _Allowed) else option.default


def options_page() -> str:
    """The page of the plugin's options, as Markdown."""
    lead = (
        "# Options of the plugin\n\n"
        f"<!-- Made by `make docs` of the docstrings in {OPTIONS_SOURCE}: change them there. -->\n\n"
        "They go into `mkdocs.yml`, under `plugins`. An unknown option or a wrong value ends the build.\n\n"
        "```yaml\nplugins:\n  - engblog:\n      page_size: 20\n```\n"
    )
    return lead + "".join(
        f"\n## {name}\n\n{_takes(option)} Default: `{json.dumps(_default(option))}`.\n\n{about}\n"
        for name, option, about in options()
    )


def _takes(option: BaseConfigOption[Any]) -> str:
    schema = option_schema(option)
    if "enum" in schema:
        return "One of " + ", ".join(f"`{each}`" for each in schema["enum"]) + "."
    if "anyOf" in schema:
        return "A list of names, or one text with commas between them."
    if schema["type"] == "integer":
        return f"A whole number, at least {schema['minimum']}."
    return {"string": "A text.", "boolean": "`true` or `false`."}[schema["type"]]


# The files


def files() -> dict[str, str]:
    """Every generated file: its path in the repository, and its text."""
    schemas = {"front-matter": front_matter_schema(), "options": options_schema(), "mkdocs": mkdocs_schema()}
    written = {f"schemas/{name}.json": _json(schema) for name, schema in schemas.items()}
    return {"documentation/options.md": options_page(), **written}


def _json(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write them all."""
    for name, text in files().items():
        (REPOSITORY / name).write_text(text, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
