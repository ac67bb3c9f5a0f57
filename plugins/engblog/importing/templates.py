"""Tags of templates in a text, as Hugo (``{{< x >}}``) and Liquid (``{% x %}``) have them: found, read, paired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_HUGO = re.compile(
    r"\{\{(?P<mark>[<%])(?P<inside>(?:[^>%\"`{}]|\"(?:[^\"\\]|\\.)*+\"|`[^`]*+`|[>%]"
    r"(?!\}\})|\{(?!\{)|\}(?!\}))*+)[>%]\}\}"
)
_LIQUID = re.compile(r"\{%-?(?P<inside>(?:[^%\"'{]|\"[^\"\n]*+\"|'[^'\n]*+'|[\"']|%(?!\})|\{(?!%))*+)%\}")
_ARGUMENT = re.compile(
    r"(?:(?P<key>[A-Za-z_][\w.-]*+)[ \t\n]*+[=:][ \t\n]*+)?"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>[^']*+)'|`(?P<raw>[^`]*+)`|(?P<bare>[^\s\"'`=|,]+))"
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(slots=True)
class TemplateTag:
    """A tag and, once paired, the one that closes it."""

    name: str
    start: int
    end: int
    arguments: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""
    """The text between the name and the end of the tag."""
    mark: str = ""
    """Hugo's ``<`` or ``%``."""
    closes: bool = False
    is_alone: bool = False
    """True if it says that it has no content (``/>``)."""
    closed_by: TemplateTag | None = None

    def get(self, *keys: str, at: int | None = None) -> str:
        """The value of the first of *keys* that is given, or the argument number *at*."""
        for key in keys:
            if self.options.get(key):
                return self.options[key]
        return self.arguments[at] if at is not None and at < len(self.arguments) and not self.options else ""


def hugo_tags(text: str) -> list[TemplateTag]:
    """The shortcodes in *text*. Those that are written to be shown (``{{</* x */>}}``) are left out."""
    found = []
    for each in _HUGO.finditer(text):
        inside = each["inside"].strip()
        if inside.startswith("/*") or not inside:
            continue
        closes = inside.startswith("/")
        alone = inside.endswith("/")
        found.append(_tag(inside.strip("/ \t\n"), *each.span(), mark=each["mark"], closes=closes, alone=alone))
    return found


def liquid_tags(text: str) -> list[TemplateTag]:
    """The tags of Liquid in *text*, without ``{{ … }}``."""
    found = []
    for each in _LIQUID.finditer(text):
        inside = each["inside"].strip("- \t\n")
        closes = inside.startswith("end")
        found.append(_tag(inside.removeprefix("end"), *each.span(), closes=closes))
    return found


def _tag(
    inside: str, start: int, end: int, *, mark: str = "", closes: bool = False, alone: bool = False
) -> TemplateTag:
    name, _, rest = inside.replace("\t", " ").replace("\n", " ").partition(" ")
    arguments, options = read_arguments(rest)
    return TemplateTag(name, start, end, arguments, options, rest.strip(), mark, closes, alone)


def read_arguments(text: str) -> tuple[list[str], dict[str, str]]:
    """The values in *text*: those without a name, and those with one."""
    arguments: list[str] = []
    options: dict[str, str] = {}
    for each in _ARGUMENT.finditer(text):
        quoted = each["double"] if each["double"] is not None else None
        value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else each["single"]
        value = value if value is not None else each["raw"] if each["raw"] is not None else each["bare"]
        if each["key"]:
            options[each["key"].lower()] = value
        else:
            arguments.append(value)
    return arguments, options


def pair_tags(tags: Sequence[TemplateTag]) -> list[TemplateTag]:
    """The tags of *tags* that open something or have no content, each with the one that closes it; tags that close
    nothing are among them, with ``closes`` set."""
    opened: list[TemplateTag] = []
    out: list[TemplateTag] = []
    for tag in tags:
        if not tag.closes:
            out.append(tag)
            if not tag.is_alone:
                opened.append(tag)
            continue
        at = next((i for i in range(len(opened) - 1, -1, -1) if opened[i].name == tag.name), None)
        if at is None:
            out.append(tag)
        else:
            opened[at].closed_by = tag
            del opened[at:]
    return out
