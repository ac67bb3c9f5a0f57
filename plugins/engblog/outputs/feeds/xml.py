"""XML, written so that text is never taken for markup: everything except :class:`Markup` is escaped."""

from __future__ import annotations

from collections.abc import Mapping

from engblog.model.text import xml_safe

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


class Markup(str):
    """Text that is already well-formed XML, made only by :func:`element` and :func:`escape`."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """*text* as character data."""
    return Markup(xml_safe(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def element(name: str, *content: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """An element with *content*: markup stays unchanged, other text is escaped. A prefix in *name* is written as
    given."""
    inner = "".join(part if isinstance(part, Markup) else escape(part) for part in content)
    tag = f"{name}{''.join(_attribute(*each) for each in (attributes or {}).items())}"
    return Markup(f"<{tag}>{inner}</{name}>" if inner else f"<{tag}/>")


def instruction(target: str, attributes: Mapping[str, str]) -> Markup:
    """A processing instruction for the program *target*, with pseudo-attributes, on its own line."""
    return Markup(f"<?{target}{''.join(_attribute(*each) for each in attributes.items())}?>\n")


def document(root: Markup, before: Markup = Markup()) -> bytes:  # noqa: B008  (it cannot change)
    """The bytes of a document, in UTF-8; *before* are the instructions that come before its root."""
    return f"{DECLARATION}{before}{root}\n".encode()


def _attribute(name: str, value: str) -> str:
    # A parser turns white space in an attribute into spaces unless it is written as a reference.
    quoted = escape(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{quoted}"'
