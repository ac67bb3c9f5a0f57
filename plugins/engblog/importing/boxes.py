"""Boxes, folds and tabs as articles write them."""

from __future__ import annotations

from engblog.html.allowed import BOXES

_KINDS = {
    "primary": "note", "secondary": "note", "light": "note", "dark": "note", "default": "note", "notice": "note",
    "alert": "warning", "warn": "warning", "caution": "caution", "alert-info": "info", "information": "info",
    "success": "success", "security": "warning", "exclamation": "warning", "fire": "danger", "critical": "danger",
    "experiment": "example", "see-also": "seealso", "pitfall": "warning", "deepdive": "info", "deprecated": "warning",
    "new": "info", "update": "info", "remark": "note", "callout": "note", "aside": "note", "sidenote": "note",
    "definition": "abstract", "theorem": "abstract", "details": "note", "green": "success", "red": "danger",
    "yellow": "warning", "blue": "info", "orange": "warning", "alert-warning": "warning", "alert-danger": "danger",
    "alert-success": "success", "alert-primary": "note", "note-info": "info", "block-tip": "tip",
    "block-warning": "warning", "block-danger": "danger", "protip": "tip", "pro-tip": "tip", "reminder": "note",
    "assumption": "info", "attention": "attention", "notes": "note", "tips": "tip", "warnings": "warning",
}  # fmt: skip
_INDENT = "    "


def box_kind(name: str) -> str:
    """The kind of box that is called *name* elsewhere; empty if none is like it."""
    name = name.strip().lower().removeprefix("is-")
    return name if name in BOXES else _KINDS.get(name, "")


def box(kind: str, title: str, inside: str, *, mark: str = "!!!", lead: str = "") -> str:
    """A box of *kind* around *inside*, behind *lead* on each line; the kind's name is its title if *title* is empty."""
    head = f"{mark} {kind}" + (f' "{plain_title(title)}"' if title.strip() else "")
    return _with_content(head, inside, lead)


def tab(title: str, inside: str, *, lead: str = "") -> str:
    """A tab around *inside*."""
    return _with_content(f'=== "{plain_title(title) or "Tab"}"', inside, lead)


def plain_title(text: str) -> str:
    """*text* on a line, without what a title in quotation marks cannot have."""
    return " ".join(text.replace('"', "'").replace("`", "").replace("**", "").split())


def _with_content(head: str, inside: str, lead: str) -> str:
    lines = inside.strip("\n").split("\n") if inside.strip() else []
    return "\n".join([lead + head, "", *(f"{lead}{_INDENT}{line}" if line.strip() else "" for line in lines)])


def dedented(text: str) -> str:
    """*text* without the white space that all its lines begin with."""
    lines = text.expandtabs(4).split("\n") if "\t" in text[: len(text) - len(text.lstrip())] else text.split("\n")
    depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    depth = min(depths, default=0)
    return "\n".join(line[depth:] if line.strip() else "" for line in lines)
