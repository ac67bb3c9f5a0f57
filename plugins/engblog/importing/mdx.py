"""MDX as Docusaurus has it: imports, components, expressions, directives, marked lines of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engblog.importing.boxes import box, box_kind, dedented, tab
from engblog.importing.old_text import Fence, OldText, Rewrite, find_fences, spans_between
from engblog.importing.remarks import Remarks
from engblog.importing.written import apart, fence, link_to, picture_of, player, unseen
from engblog.model.problems import quote

if TYPE_CHECKING:
    from engblog.importing.dialect import Dialect, OldPost

_TRUNCATE = re.compile(r"^[ \t]*(?:<!--[ \t]*truncate[ \t]*-->|\{/\*[ \t]*truncate[ \t]*\*/\})[ \t]*$\n?", re.MULTILINE)
_IMPORT = re.compile(
    r"^import[ \t]++(?P<names>[^'\"\n;]*+(?:\n(?!\n)[^'\"\n;]*+){0,20}+)['\"](?P<path>[^'\"\n]++)['\"];?+[ \t]*+$\n?+",
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export[ \t]+(?:const|function|default|let)\b(?:[^\n]+\n)++(?:\n|\Z)", re.MULTILINE)
_REQUIRE = re.compile(r"\{[ \t]*require\([ \t]*['\"](?P<path>[^'\"\n]+)['\"][ \t]*\)(?:\.default)?[ \t]*\}")
_BASE_URL = re.compile(r"\{[ \t]*useBaseUrl\([ \t]*['\"](?P<path>[^'\"\n]+)['\"][ \t]*\)[ \t]*\}")
_STYLE = re.compile(r"[ \t\n]style=\{\{[^{}]*+\}\}")
_CLASS = re.compile(r"(?<=[ \t\n])className=")
_BRACED = re.compile(
    r"(?<=[\w-])=\{[ \t]*(?:'(?P<one>[^'{}\n]*)'|\"(?P<two>[^\"{}\n]*)\"|`(?P<three>[^`{}$]*)`|"
    r"(?P<word>[\w.]+))[ \t]*\}"
)
_EXPRESSION = re.compile(
    r"(?<![\\$=\w{])\{[ \t]*(?:'(?P<one>[^'{}\n]*)'|\"(?P<two>[^\"{}\n]*)\"|`(?P<three>[^`{}$\n]*)`|"
    r"(?P<path>frontMatter\.\w+))[ \t]*\}"
)
_DIRECTIVE = re.compile(
    r"^(?P<lead>[ \t>]*+)(?P<marks>:{3,}+)[ \t]*+(?:(?P<name>[A-Za-z][\w-]*+)[ \t]*+(?P<label>\[[^\[\]\n]*+\])?+"
    r"(?P<attributes>\{[^{}\n]*+\})?+(?P<title>[^\n]*))?+$",
    re.MULTILINE,
)
_TAG = re.compile(
    r"(?<!\]\()<(?P<closes>/?)(?P<name>[A-Z][\w.]*+)(?P<attributes>(?:[^<>{}\"'/]|/(?!>)|\"[^\"]*+\"|'[^']*+'|\{(?:[^{}"
    r"]|\{[^{}]*+\})*+\})*+)(?P<alone>/?)>"
)
_ATTRIBUTE = re.compile(
    r"(?P<key>[A-Za-z][\w-]*)(?:=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\{(?P<braced>(?:[^{}]|\{[^{}]*\})*)\}))?"
)
_FRAGMENT = re.compile(r"</?>")
_LITERAL = re.compile(
    r"[ \t\n]*\{[ \t\n]*(?:`(?P<raw>(?:[^`\\]|\\.)*)`|'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\")[ \t\n]*\}[ \t\n]*"
)
_PICTURES = re.compile(r".+\.(?:png|jpe?g|gif|svg|webp|avif)\Z", re.IGNORECASE)
_TEXTS = re.compile(r".+\.mdx?\Z")
_BOXES = {"Note": "note", "Tip": "tip", "Warning": "warning", "Info": "info", "Caution": "caution", "Danger": "danger",
          "Pitfall": "warning", "DeepDive": "info", "Callout": "note", "Admonition": "note", "Alert": "note",
          "Canary": "info", "Hint": "tip", "Important": "important"}  # fmt: skip
_PLAIN = frozenset({"Intro", "Steps", "Center", "Head", "Fragment", "BlogIntro", "Sandpack", "Diagram", "Grid", "Card",
                    "Cards", "Columns", "Column", "Highlight"})  # fmt: skip
_PLAYERS = {
    "YouTube": "youtube",
    "Youtube": "youtube",
    "YouTubeEmbed": "youtube",
    "YoutubeEmbed": "youtube",
    "LiteYouTubeEmbed": "youtube",
    "YouTubeIframe": "youtube",
    "Vimeo": "vimeo",
    "Asciinema": "asciinema",
}
_MARKED_LINE = re.compile(
    r"^[ \t]*+(?://|#|/\*|<!--|--|;|%|\{/\*)[ \t]*+(?P<what>highlight-(?:next-line|start|end)|"
    r"(?:this-will-)?error-next-line)[ \t]*+(?:\*/\}?+|-->)?+[ \t]*+$"
)
_RANGE = re.compile(r"\{(?P<lines>[\d,\- ]+)\}")
_MOST_ROUNDS = 40


def translate_mdx(text: OldText, post: OldPost, dialect: Dialect) -> None:
    """Write everything in *text* that only MDX has as articles write it."""
    text.sub(_TRUNCATE, lambda _: "", masked=text.text)
    _translate_fences(text, post.remarks)
    names = _translate_imports(text, post.remarks)
    _translate_expressions(text, post, names)
    translate_directives(text, post.remarks)
    _translate_components(text, post, dialect, names)


def _translate_fences(text: OldText, remarks: Remarks) -> None:
    """``mdx-code-block`` is text; marked lines and ``{1,3-5}`` become ``hl_lines``."""
    changes: list[Rewrite] = []
    for each in find_fences(text.text):
        lines = text.text[each.start : each.end].split("\n")
        language = each.info.partition(" ")[0].partition("{")[0]
        inner = lines[1:-1] if each.is_closed else lines[1:]
        if language == "mdx-code-block":
            remarks.changed(text.origin(each.first), "a fence of MDX was opened: its content is text")
            changes.append(Rewrite(each.start, each.end, "\n".join(inner)))
            continue
        info = f"{each.lead}{each.mark}{_info(each, inner, text, remarks)}".rstrip()
        if each.is_closed:
            inner = [*inner, lines[-1]]
        new = "\n".join([info, *inner])
        if new != text.text[each.start : each.end]:
            changes.append(Rewrite(each.start, each.end, new))
    text.apply(changes)


def _info(each: Fence, inner: list[str], text: OldText, remarks: Remarks) -> str:
    """The text behind the marks of a fence; the lines *inner* lose the comments that mark others."""
    marked: list[int] = []
    kept: list[str] = []
    in_range = is_next = False
    for line in inner:
        found = _MARKED_LINE.match(line)
        if found:
            what = found["what"]
            in_range = what == "highlight-start" or (in_range and what != "highlight-end")
            is_next = is_next or what.endswith("next-line")
            continue
        kept.append(line)
        if in_range or is_next:
            marked.append(len(kept))
        is_next = False
    if len(kept) != len(inner):
        remarks.changed(text.origin(each.first), "comments that marked lines of code became hl_lines")
        inner[:] = kept
    info = each.info
    ranged = _RANGE.search(info)
    if ranged:
        info = info[: ranged.start()] + info[ranged.end() :]
        for part in ranged["lines"].replace(" ", "").split(","):
            first, _, last = part.partition("-")
            if first.isdecimal() and (not last or last.isdecimal()):
                marked += range(int(first), int(last or first) + 1)
    numbered = "showLineNumbers" in info
    info = " ".join(re.sub(r"showLineNumbers(?:=\{?\d+\}?)?|\bnoInline\b|\blive\b", "", info).split())
    if marked and "hl_lines" not in info:
        info += f' hl_lines="{_ranges(sorted(set(marked)))}"'
    return info + (' linenums="1"' if numbered else "")


def _ranges(numbers: list[int]) -> str:
    out: list[list[int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in out)


def _translate_imports(text: OldText, remarks: Remarks) -> dict[str, str]:
    """Take imports out; return the files that they name, by name."""
    names: dict[str, str] = {}

    def imported(found: re.Match[str]) -> str | None:
        path, several = found["path"], found["names"].split()
        if several and several[-1] != "from":
            return None
        if len(several) == 2:
            names[several[0]] = path
        if not _PICTURES.fullmatch(path) and not _TEXTS.fullmatch(path):
            remarks.changed(text.line(found.start()), f"the import of {quote(path)} was taken out")
        return ""

    def exported(found: re.Match[str]) -> str:
        shown = quote(text.text[found.start() : found.end()])
        remarks.left(
            text.line(found.start()), f"{shown} is a program, which articles do not have", "write what it showed"
        )
        return unseen(text.text[found.start() : found.end()]) + "\n\n"

    text.sub(_IMPORT, imported)
    text.sub(_EXPORT, exported)
    return names


def _translate_expressions(text: OldText, post: OldPost, names: dict[str, str]) -> None:
    remarks = post.remarks

    masked = text.masked()
    comments = []
    for start, end in spans_between(masked, "{/*", "*/}"):
        inside = text.text[start + 3 : end - 3].strip()
        comments.append(
            Rewrite(start, end, f"{{{inside}}}" if inside.startswith("#") else unseen(inside) if inside else "")
        )
    text.apply(comments)

    def required(found: re.Match[str]) -> str:
        return f'"{found["path"]}"'

    def braced(found: re.Match[str]) -> str | None:
        word = found["word"]
        if word in names:
            return f'="{names[word]}"'
        value = next((found[key] for key in ("one", "two", "three") if found[key] is not None), None)
        if value is None:
            value = word if re.fullmatch(r"\d+|true|false", word) else None
        return None if value is None else '="{}"'.format(value.replace('"', "&quot;"))

    def expression(found: re.Match[str]) -> str | None:
        if found["path"]:
            return post.front.text(found["path"].partition(".")[2].lower()) or None
        return next((found[key] for key in ("one", "two", "three") if found[key] is not None), "")

    def style(found: re.Match[str]) -> str:
        remarks.changed(text.line(found.start()), "style= was taken out: looks belong to the theme")
        return ""

    text.sub(_REQUIRE, required)
    text.sub(_BASE_URL, required)
    text.sub(_STYLE, style)
    text.sub(_CLASS, lambda _: "class=")
    text.sub(_BRACED, braced)
    text.sub(_EXPRESSION, expression)


def translate_directives(text: OldText, remarks: Remarks) -> None:
    """``:::note Title`` to ``:::`` become boxes, those within others too."""
    masked = text.masked()
    opened: list[re.Match[str]] = []
    pairs: list[tuple[re.Match[str], re.Match[str] | None]] = []
    for found in _DIRECTIVE.finditer(masked):
        if found["name"]:
            opened.append(found)
        elif opened:
            at = next(
                (i for i in range(len(opened) - 1, -1, -1) if opened[i]["marks"] == found["marks"]), len(opened) - 1
            )
            pairs += [(each, None) for each in opened[at + 1 :]]
            pairs.append((opened[at], found))
            del opened[at:]
    pairs += [(each, None) for each in opened]
    closed = sorted((pair for pair in pairs if pair[1]), key=lambda pair: pair[0].start())
    for first, _ in (pair for pair in pairs if pair[1] is None):
        remarks.left(
            text.line(first.start()), f"{quote(first[0])} is not closed by :::", "close it, or write a box: !!! note"
        )
    text.apply(_boxes(text, closed, remarks))


def _boxes(
    text: OldText, pairs: list[tuple[re.Match[str], re.Match[str] | None]], remarks: Remarks
) -> Iterator[Rewrite]:
    covered = -1
    for first, last in pairs:
        if last is None or first.start() < covered:
            continue
        covered = last.end()
        within = [pair for pair in pairs if pair[1] and first.end() < pair[0].start() and pair[1].end() < last.start()]
        yield Rewrite(first.start(), last.end(), _box(text, first, last, within, remarks))


def _box(text: OldText, first: re.Match[str], last: re.Match[str],
         within: list[tuple[re.Match[str], re.Match[str] | None]], remarks: Remarks) -> str:  # fmt: skip
    name = first["name"].lower()
    title = (first["label"] or "")[1:-1] or text.text[slice(*first.span("title"))].strip()
    kind = box_kind(name)
    lead = text.text[slice(*first.span("lead"))]
    out, at = [], first.end()
    for change in _boxes(text, within, remarks):
        out += [text.text[at : change.start], change.new]
        at = change.end
    inside = "".join([*out, text.text[at : last.start()]]).strip("\n")
    lines = [line.removeprefix(lead) if line.startswith(lead) else line.lstrip() for line in inside.split("\n")]
    if name == "details":
        return box("note", title or "Details", "\n".join(lines), mark="???", lead=lead)
    if not kind:
        remarks.left(
            text.line(first.start()),
            f"there is no box of the kind {quote(name)}",
            "choose a kind: note, tip, warning …",
        )
        kind, title = "note", title or name.capitalize()
    return box(kind, title, "\n".join(lines), lead=lead)


def _translate_components(text: OldText, post: OldPost, dialect: Dialect, names: dict[str, str]) -> None:
    """Components, the innermost first: each round takes those away that have none in them."""
    text.sub(_FRAGMENT, lambda _: "")
    for _ in range(_MOST_ROUNDS):
        masked = text.masked()
        tags = [*_TAG.finditer(masked)]
        if not tags:
            return
        text.apply(_innermost(text, masked, tags, post, dialect, names))


def _innermost(text: OldText, masked: str, tags: list[re.Match[str]], post: OldPost, dialect: Dialect,
               names: dict[str, str]) -> Iterator[Rewrite]:  # fmt: skip
    before: re.Match[str] | None = None
    for tag in tags:
        if tag["alone"] and not tag["closes"]:
            yield Rewrite(*tag.span(), _component(tag, None, text, post, dialect, names))
            before = None
        elif not tag["closes"]:
            if before is not None and not _is_closed(before, tags):
                yield from _unpaired(before, text, masked, post)
            before = tag
        elif before is not None and before["name"] == tag["name"]:
            inside = text.text[before.end() : tag.start()]
            yield Rewrite(before.start(), tag.end(), _component(before, inside, text, post, dialect, names))
            before = None
        else:
            if not any(
                each["name"] == tag["name"] and not each["closes"] for each in tags if each.end() <= tag.start()
            ):
                yield from _unpaired(tag, text, masked, post)
            before = None
    if before is not None:
        yield from _unpaired(before, text, masked, post)


def _is_closed(tag: re.Match[str], tags: list[re.Match[str]]) -> bool:
    return any(each["closes"] and each["name"] == tag["name"] for each in tags if each.start() >= tag.end())


def _unpaired(tag: re.Match[str], text: OldText, masked: str, post: OldPost) -> Iterator[Rewrite]:
    """A tag that is not closed: a type in angle brackets, most likely, which is shown."""
    if masked[tag.start()] != "<":
        return
    source = text.text[slice(*tag.span())]
    post.remarks.changed(text.line(tag.start()), f"{quote(source)} is shown as text now: it is not an element")
    yield Rewrite(*tag.span(), source.replace("<", "&lt;").replace(">", "&gt;"))


def _component(
    tag: re.Match[str], inside: str | None, text: OldText, post: OldPost, dialect: Dialect, names: dict[str, str]
) -> str:
    name, line, note = tag["name"], text.line(tag.start()), post.remarks
    source = text.text[slice(*tag.span())]
    options = _options(text.text[slice(*tag.span("attributes"))])
    content = dedented(inside or "").strip("\n")
    if name == "TabItem":
        return apart(tab(options.get("label") or options.get("value", ""), content))
    if name in {"Tabs", "TabGroup", "CodeTabs"}:
        return apart(content)
    if name == "CodeBlock":
        literal = _LITERAL.fullmatch(inside or "")
        code = (
            next((literal[key] for key in ("raw", "one", "two") if literal[key] is not None), "")
            if literal
            else content
        )
        title = f'title="{options["title"]}"' if options.get("title") else ""
        return apart(fence(options.get("language", ""), code.replace("\\`", "`"), title))
    if name in {"Admonition", *_BOXES}:
        kind = box_kind(options.get("type", "")) or _BOXES.get(name, "note")
        return apart(box(kind, options.get("title", ""), content))
    if name in {"Details", "Collapse", "Expandable"}:
        return apart(box("note", options.get("summary") or options.get("title") or "Details", content, mark="???"))
    target = options.get("src") or options.get("img") or options.get("image") or options.get("source")
    if name in _PLAYERS and (shown := player(_PLAYERS[name], options.get("id") or options.get("videoId") or options.get(
            "youTubeId") or options.get("youtubeId") or options.get("videoid") or "")):  # fmt: skip
        note.changed(line, f"what {quote(source)} showed in a frame is a link now: pages load nothing from other hosts")
        return apart(shown)
    if target and (_PICTURES.fullmatch(target) or "Image" in name or "Img" in name or "Figure" in name or (
            name in {"Picture", "Screenshot"})):  # fmt: skip
        return apart(picture_of(target, options.get("alt") or options.get("caption") or options.get("title", ""),
                             options.get("caption") or options.get("title", "")))  # fmt: skip
    if name == "Link" and (options.get("to") or options.get("href")):
        return link_to(content, options.get("to") or options.get("href", ""))
    if name in names and _TEXTS.fullmatch(names[name]):
        path = dialect.reference(names[name].replace("@site/", f"/{dialect.root}/" if dialect.root else "/"), post)
        data = dialect.blog.read(path) if path else None
        if data is not None:
            note.changed(line, f"the text of {quote(names[name])} was set in place of {quote(source)}")
            return apart(data.decode("utf-8", "replace").strip("\n"))
    if name in names and _PICTURES.fullmatch(names[name]):
        return apart(picture_of(names[name], options.get("title") or options.get("alt", "")))
    if name in _PLAIN and inside is not None:
        note.changed(line, f"the component {quote(name)} sets only the look of its content, which stays")
        return apart(content) if "\n" in (inside or "") else content
    hint = "look at the old page, and write what it showed"
    note.left(line, f"the component {quote(source)} has no equal here", hint)
    if inside is None:
        return unseen(source)
    return apart(unseen(source)) + content + apart(unseen(f"/{name}")) if "\n" in inside else content


def _options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(text):
        value = each["double"] if each["double"] is not None else each["single"]
        if value is None and each["braced"] is not None:
            literal = _LITERAL.fullmatch(f"{{{each['braced']}}}")
            value = (
                next((literal[key] for key in ("raw", "one", "two") if literal[key] is not None), "")
                if literal
                else (each["braced"].strip())
            )
        options[each["key"]] = value if value is not None else "true"
    return options
