"""Extensions of Python-Markdown that other sites use and articles do not have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from engblog.importing.boxes import box, box_kind, dedented, tab
from engblog.importing.mdx import translate_directives
from engblog.importing.old_text import OldText, Rewrite, find_fences
from engblog.importing.remarks import Remarks
from engblog.importing.written import unseen
from engblog.model.problems import quote

if TYPE_CHECKING:
    from engblog.importing.dialect import OldPost
    from engblog.importing.mkdocs import MkDocs

_SNIPPET = re.compile(
    r"^(?P<lead>[ \t>]*+)(?P<escape>;*)(?P<cut>-{1,}8<-{1,})[ \t]+(?P<quote>['\"])(?P<target>[^'\"\n]+)"
    r"(?P=quote)[ \t]*$",
    re.MULTILINE,
)
_SECTION = re.compile(r"(?P<name>[^:]+?)(?::(?P<first>\d+)?:(?P<last>\d+)?|:(?P<section>[A-Za-z][\w-]*))?\Z")
_MACRO = re.compile(r"\{%-?[^{}\n]*%\}|\{\{[^{}\n]*\}\}")
_ICON = re.compile(r"(?<![\w:]):(?:material|fontawesome|octicons|simple)-[\w-]+:(?:\{[^{}\n]*\})?[ \t]?")
_HIGHLIGHT = re.compile(r"(?<![=\w\\])==(?!=)(?P<text>[^=\n]*[^=\s])==(?!=)")
_INSERT = re.compile(r"(?<![\^\\])\^\^(?!\^)(?P<text>[^^\n]*[^^\s])\^\^(?!\^)")
_SUBSCRIPT = re.compile(r"(?<=[\w)])~(?P<text>[^~\s]{1,20})~(?!~)")
_SUPERSCRIPT = re.compile(r"(?<=[\w)])\^(?P<text>[^^\s\[\]]{1,20})\^(?!\^)")
_CRITIC = re.compile(r"\{(?P<mark>\+\+|--|==|>>|~~)(?P<text>[^{}\n]*?)(?:\+\+|--|==|<<|~~)\}")
_ANNOTATE = re.compile(r"\{[ \t]*+\.annotate[ \t]*+\}|(?<=[\w)])\((?P<number>\d+)\)!")
_BLOCK_START = re.compile(
    r"^(?P<lead>[ \t]*+)(?P<marks>/{3,}+)[ \t]*+(?P<name>[A-Za-z][\w-]*+)?+[ \t]*+(?:\|(?P<title>[^\n]*))?+$",
    re.MULTILINE,
)
_YAML_OPTIONS = re.compile(r"\A\n?(?:[ \t]{4,}[\w-]+:[^\n]*\n)+")
_KIND = re.compile(
    r"^(?P<lead>[ \t>]*+)(?P<mark>!!!|\?\?\?\+?)[ \t]*(?P<kinds>[\w-]+(?:[ \t]+[\w-]+)*+)"
    r"(?P<rest>(?:[ \t]+\"[^\"\n]*\")?)[ \t]*$",
    re.MULTILINE,
)


def translate_extensions(text: OldText, post: OldPost, site: MkDocs) -> None:
    """Write everything in *text* that only these extensions read as articles write it."""
    remarks = post.remarks
    for _ in range(4):  # what is included can include
        before = text.text
        _translate_snippets(text, post, site)
        if text.text == before:
            break
    _translate_blocks(text, remarks)
    translate_directives(text, remarks)
    _translate_kinds(text, remarks)
    if any(True for _ in site.plugins("macros")):
        _note_macros(text, remarks)

    def icon(found: re.Match[str]) -> str:
        remarks.changed(text.line(found.start()), f"the icon {quote(found[0])} was taken out: articles have none")
        return ""

    text.sub(_ICON, icon)
    _translate_critic(text, site, remarks)
    for name, pattern, element in (
        ("pymdownx.mark", _HIGHLIGHT, "mark"),
        ("pymdownx.caret", _INSERT, "ins"),
        ("pymdownx.caret", _SUPERSCRIPT, "sup"),
        ("pymdownx.tilde", _SUBSCRIPT, "sub"),
    ):
        if site.extension(name) is not None or site.extension("pymdownx.extra") is not None:
            text.sub(pattern, _element(text, element))

    def annotate(found: re.Match[str]) -> str:
        if found["number"]:
            return f" ({found['number']})"
        remarks.left(text.line(found.start()), "annotations have no equal here", "set them as a list, or as footnotes")
        return ""

    text.sub(_ANNOTATE, annotate)


def _element(text: OldText, name: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"<{name}>{text.text[slice(*found.span('text'))]}</{name}>"


def _translate_snippets(text: OldText, post: OldPost, site: MkDocs) -> None:
    fences = [(fence.start, fence.end) for fence in find_fences(text.text)]
    changes = []
    for found in _SNIPPET.finditer(text.text):
        if found["escape"]:
            continue
        target, lead = found["target"], found["lead"]
        line = text.line(found.start())
        parts = _SECTION.fullmatch(target)
        name = parts["name"] if parts else target
        data = None
        for path in site.snippets(name, post):
            if path in site.blog.files and (data := site.blog.read(path)) is not None:
                break
        in_code = any(start <= found.start() < end for start, end in fences)
        if data is None:
            post.remarks.left(line, f"there is no file {quote(name)} to include", "write what it said")
            changes.append(Rewrite(*found.span(), f"{lead}{name}" if in_code else unseen(found[0].strip())))
            continue
        content = data.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n").split("\n")
        if parts and parts["section"]:
            content = _section(content, parts["section"])
        elif parts and (parts["first"] or parts["last"]):
            content = content[int(parts["first"] or 1) - 1 : int(parts["last"]) if parts["last"] else None]
        post.remarks.changed(line, f"the text of {quote(name)} was set in place of its include")
        changes.append(Rewrite(*found.span(), "\n".join(f"{lead}{each}" if each.strip() else "" for each in content)))
    text.apply(changes)


def _section(lines: list[str], name: str) -> list[str]:
    start = next((i for i, line in enumerate(lines) if f"[start:{name}]" in line.replace(" ", "")), -1)
    end = next((i for i, line in enumerate(lines) if f"[end:{name}]" in line.replace(" ", "")), len(lines))
    return lines[start + 1 : end]


def _translate_blocks(text: OldText, remarks: Remarks) -> None:
    """``/// note | Title`` to ``///``, the innermost first."""
    for _ in range(20):
        masked = text.masked()
        before: re.Match[str] | None = None
        changes = []
        for found in _BLOCK_START.finditer(masked):
            if found["name"]:
                before = found
            elif before is not None:
                inside = text.text[before.end() : found.start()]
                changes.append(Rewrite(before.start(), found.end(), _block(before, inside, text, remarks)))
                before = None
        if not changes:
            return
        text.apply(changes)


def _block(first: re.Match[str], inside: str, text: OldText, remarks: Remarks) -> str:
    name, title, lead = (
        first["name"].lower(),
        text.text[slice(*first.span("title"))].strip() if first["title"] else "",
        first["lead"],
    )
    inside = _YAML_OPTIONS.sub("\n", inside, count=1)
    content = dedented(inside.strip("\n"))
    if name == "tab":
        return tab(title or "Tab", content, lead=lead)
    if name == "details":
        return box("note", title or "Details", content, mark="???", lead=lead)
    if name in {"caption", "figure-caption", "table-caption"}:
        return "\n".join(f"{lead}{line}" for line in f"\n*{content.strip()}*\n".split("\n"))
    kind = box_kind("note" if name == "admonition" else name)
    if kind:
        return box(kind, title, content, lead=lead)
    if name != "html":
        remarks.left(text.line(first.start()), f"there is no block of the kind {quote(name)}", "write it in Markdown")
    return "\n".join(f"{lead}{line}" if line else "" for line in content.split("\n"))


def _translate_kinds(text: OldText, remarks: Remarks) -> None:
    """Kinds of boxes that articles do not have become those that they have."""

    def kind(found: re.Match[str]) -> str | None:
        first, *more = found["kinds"].split()
        own = box_kind(first)
        kept = [each for each in more if each in {"inline", "end", "annotate"}]
        rest = text.text[slice(*found.span("rest"))].strip()
        if own == first and kept == more:
            return None
        if not own:
            remarks.changed(text.line(found.start()), f"there is no box of the kind {quote(first)}: it is a note now")
        title = rest or (f'"{first.capitalize()}"' if not own else "")
        if len(more) > len(kept) and not rest:
            title = f'"{" ".join(each for each in more if each not in kept).capitalize()}"'
        return " ".join(part for part in (f"{found['lead']}{found['mark']} {own or 'note'}", *kept, title) if part)

    text.sub(_KIND, kind)


def _note_macros(text: OldText, remarks: Remarks) -> None:
    for found in _MACRO.finditer(text.masked()):
        hint = "look at the old page, and write what it showed"
        remarks.left(text.line(found.start()), f"{quote(found[0])} is a macro, which articles do not have", hint)


def _translate_critic(text: OldText, site: MkDocs, remarks: Remarks) -> None:
    if site.extension("pymdownx.critic") is None:
        return

    def mark(found: re.Match[str]) -> str:
        inside = text.text[slice(*found.span("text"))]
        match found["mark"]:
            case "++":
                return f"<ins>{inside}</ins>"
            case "--":
                return f"<del>{inside}</del>"
            case "==":
                return f"<mark>{inside}</mark>"
            case "~~":
                old, _, new = inside.partition("~>")
                return f"<del>{old}</del><ins>{new}</ins>"
        remarks.changed(text.line(found.start()), "a comment of an editor was taken out")
        return unseen(inside)

    text.sub(_CRITIC, mark)
