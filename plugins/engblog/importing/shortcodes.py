"""Hugo's shortcodes, its own and those of well-known themes, as articles write the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from engblog.importing.boxes import box, box_kind, dedented, tab
from engblog.importing.old_text import HIDDEN_CODE, OldText, Rewrite, spans_between
from engblog.importing.templates import TemplateTag, hugo_tags, pair_tags
from engblog.importing.written import POST, apart, fence, link_to, picture_of, player, unseen
from engblog.model.problems import quote

if TYPE_CHECKING:
    from engblog.importing.dialect import OldPost
    from engblog.importing.hugo import Hugo

_PICTURES = frozenset({"figure", "img", "image", "picture", "imgproc", "photo", "imgcap", "responsive-image", "fig"})
_FOLDS = frozenset({"details", "expand", "collapse", "spoiler", "accordion", "toggle", "readmore", "expandable"})
_TAB_GROUPS = frozenset({"tabs", "tabpane", "codetabs", "tabgroup", "code-tabs"})
_TABS = frozenset({"tab", "codetab", "code-tab"})
_RAW = frozenset(
    {
        "rawhtml", "html", "raw", "unsafe", "center", "div", "row", "column", "columns", "col", "lead", "steps",
        "cards", "md", "markdown", "markdownify", "p", "span", "justify", "font", "color",
    }
)  # fmt: skip
_QUOTES = frozenset({"quote", "blockquote", "pullquote", "epigraph", "cite"})
_INCLUDES = frozenset({"include", "readfile", "include-code", "code-include", "codefile", "include-file", "snippet",
                       "code_sample", "codenew", "import", "readfiles"})  # fmt: skip
_NOTHING = frozenset({"toc", "clearfix", "clear", "br", "space", "vspace", "table-of-contents", "adsense"})
_DEEPEST = 12


def translate_shortcodes(text: OldText, post: OldPost, hugo: Hugo) -> None:
    """Write every shortcode in *text* as an article does. Hugo reads them in code too."""
    _Translator(post, hugo).all(text)
    text.apply(_shown(text.text))


def _shown(text: str) -> Iterator[Rewrite]:
    """Write shortcodes that are meant to be shown, ``{{</* x */>}}``, in the form that readers see."""
    for mark, end in ("<>", "%%"):
        for start, stop in spans_between(text, f"{{{{{mark}/*", f"*/{end}}}}}"):
            yield Rewrite(start, stop, f"{{{{{mark}{text[start + 5 : stop - 5]}{end}}}}}")


class _Translator:
    def __init__(self, post: OldPost, hugo: Hugo) -> None:
        self._post, self._hugo, self._remarks = post, hugo, post.remarks
        self._line: Callable[[int], int] = lambda _: 1

    def all(self, text: OldText) -> None:
        tags = hugo_tags(text.text)
        if not tags:
            return
        masked = text.masked()
        self._line = text.line
        text.apply(self._changes(text.text, masked, pair_tags(tags), 0))

    def _changes(self, text: str, masked: str, tags: list[TemplateTag], depth: int) -> Iterator[Rewrite]:
        covered = -1
        for tag in tags:
            if tag.start < covered:
                continue
            end = tag.closed_by.end if tag.closed_by else tag.end
            inside = text[tag.end : tag.closed_by.start] if tag.closed_by else None
            within = [each for each in tags if tag.end <= each.start < end and each is not tag]
            new = self._new(tag, inside, text, masked, within, depth)
            covered = end
            lead = _lead(text, tag.start) if "\n" in new else ""
            if "\n" in new and lead:
                new = "\n".join(each if not number or not each.strip() else lead + each
                                for number, each in enumerate(new.split("\n")))  # fmt: skip
            yield Rewrite(tag.start, end, new)

    def _inner(self, tag: TemplateTag, text: str, masked: str, within: list[TemplateTag], depth: int) -> str:
        """The content of *tag* with its own shortcodes translated."""
        if tag.closed_by is None:
            return ""
        start, end = tag.end, tag.closed_by.start
        out, at = [], start
        if depth < _DEEPEST:
            for change in self._changes(text, masked, within, depth + 1):
                out += [text[at : change.start], change.new]
                at = change.end
        return "".join([*out, text[at:end]])

    def _new(
        self, tag: TemplateTag, inside: str | None, text: str, masked: str, within: list[TemplateTag], depth: int
    ) -> str:
        line = self._line(tag.start)
        name = tag.name.lower().rpartition("/")[2].removesuffix(".html")
        source = text[tag.start : tag.end]
        if tag.closes:
            self._remarks.left(line, f"{quote(source)} closes no shortcode", "look at what it was meant to end")
            return unseen(source)

        def inner() -> str:
            return self._inner(tag, text, masked, within, depth)

        new = self._known(name, tag, inside, inner, line)
        if new is not None:
            return new
        if masked.startswith(HIDDEN_CODE, tag.start):
            self._remarks.left(line, f"{quote(source)} in code means nothing here", "write what it stood for")
            return text[tag.start : tag.closed_by.end if tag.closed_by else tag.end]
        kind = box_kind(name)
        if inside is not None and kind:
            return self._box(kind, tag, inner())
        is_target = text[: tag.start].endswith(("](", '="', "='", "(<"))
        hint = "look at the old page, and write what it showed"
        self._remarks.left(line, f"the shortcode {quote(source)} has no equal here", hint)
        if inside is not None:
            return (
                f"{unseen(source)}{inner()}{unseen('/' + tag.name)}"
                if "\n" not in inside
                else (apart(unseen(source)) + dedented(inner()).strip("\n") + apart(unseen("/" + tag.name)))
            )
        return "" if is_target else unseen(source)

    def _box(self, kind: str, tag: TemplateTag, inside: str) -> str:
        title = tag.get("title", "header", "heading", "summary", at=1 if len(tag.arguments) > 1 else None)
        return apart(box(kind, title, dedented(inside)))

    def _known(
        self, name: str, tag: TemplateTag, inside: str | None, inner: Callable[[], str], line: int
    ) -> str | None:
        note = self._remarks
        if name in {"ref", "relref"}:
            return self._reference(tag, line)
        if name == "param":
            value = self._hugo.param(tag.get("name", at=0), self._post)
            return value or None
        if name in _PICTURES and (
            source := tag.get(
                "src", "link" if not tag.options.get("src") else "src", "url", "image", "path", "file", "name", at=0
            )
        ):
            return self._picture(tag, source, inside, inner)
        if name in {"highlight", "code", "prism", "codeblock"} and inside is not None:
            language = tag.get("lang", "language", "type", at=0)
            return apart(fence(language, dedented(inside)))
        if name in {"mermaid", "plantuml", "math", "latex", "katex", "chart"} and inside is not None:
            return apart(fence("mermaid", dedented(inside))) if name == "mermaid" else None
        if name in _TAB_GROUPS and inside is not None:
            return apart(dedented(inner()).strip("\n"))
        if name in _TABS and inside is not None:
            language = tag.get("lang")
            content = dedented(inner())
            if language and "```" not in content and "{{" not in content:
                content = fence(language, content)
            return apart(tab(tag.get("header", "name", "title", "label", at=0), content))
        if name in _FOLDS and inside is not None:
            title = tag.get("summary", "title", "label", "header", at=0) or "Details"
            return apart(box("note", title, dedented(inner()), mark="???"))
        if name in _QUOTES and inside is not None:
            return self._quotation(tag, inner())
        if name in {"notice", "alert", "admonition", "callout", "hint", "box", "message", "note", "aside"} and (
            inside is not None
        ):
            kind = box_kind(tag.get("type", "kind", "color", "style", "theme", "level", "class", "context", at=0)) or (
                box_kind(name) or "note"
            )
            return self._box(kind, tag, inner())
        if name in _RAW and inside is not None:
            note.changed(line, f"the shortcode “{name}” sets only the look of its content, which stays")
            return apart(dedented(inner()).strip("\n")) if "\n" in inside else inner()
        if name in {"button", "btn", "ref-link", "a", "link", "cta", "linkbutton"}:
            target = tag.get("href", "url", "link", "relref", "to", at=0)
            words = (inner() if inside is not None else "") or tag.get("text", "label", "title", at=1) or target
            return link_to(words, target) if target else None
        if name in {"gist"} and len(tag.arguments) > 1:
            note.changed(line, "a gist is a link now: pages load nothing from other hosts")
            return apart(
                link_to("Code on GitHub Gist", f"https://gist.github.com/{tag.arguments[0]}/{tag.arguments[1]}")
            )
        if name in {"tweet", "twitter", "x", "twitter_simple", "x_simple", "tweet_simple"}:
            user, identity = tag.get("user") or "i", tag.get("id", at=0)
            if identity:
                note.changed(line, "a tweet is a link now: pages load nothing from other hosts")
                return apart(link_to("Post on X", f"https://twitter.com/{user}/status/{identity}"))
        if new := player(name, tag.get("id", "video", "videoid", "key", at=0)):
            note.changed(line, f"what {name} showed in a frame is a link now: pages load nothing from other hosts")
            return apart(new)
        if name in {"video", "audio", "iframe", "pdf", "mp4"} and (
            source := tag.get("src", "url", "mp4", "webm", at=0)
        ):
            note.changed(line, f"the shortcode “{name}” is a link now: pages have no players or frames")
            return apart(link_to(tag.get("title", "caption") or "Video" if name != "pdf" else "Document", source))
        if name in _INCLUDES and (source := tag.get("file", "path", "src", "name", at=0)):
            return self._include(tag, source, line)
        if name in {"comment", "hidden"} and inside is not None:
            note.changed(line, "a comment was taken out")
            return ""
        if name in {"emoji"} and tag.arguments:
            return f":{tag.arguments[0].strip(':')}:"
        if name in _NOTHING:
            note.changed(line, f"the shortcode “{name}” was taken out: the theme does this")
            return ""
        if name in {"kbd"}:
            return f"<kbd>{inner() if inside is not None else tag.get('key', at=0)}</kbd>"
        if name in {"mark", "sub", "sup", "abbr", "small"} and inside is not None:
            return f"<{name}>{inner()}</{name}>"
        if name in {"year", "currentyear"} or (name == "sidenote" and inside is None):
            return None
        if name in {"baseurl", "siteurl"}:
            return self._hugo.url
        return None

    def _reference(self, tag: TemplateTag, line: int) -> str:
        target = tag.get("path", at=0)
        _, mark, anchor = target.partition("#")
        if target.startswith("#"):
            return target
        path = self._hugo.reference(target, self._post)
        if path is not None:
            return f"{POST}{path}{mark}{anchor}"
        self._remarks.left(line, f"there is no page {quote(target)}", "link to where it is now")
        return target

    def _picture(self, tag: TemplateTag, source: str, inside: str | None, inner: Callable[[], str]) -> str:
        caption = (
            tag.get("caption", "title")
            or (inner() if inside is not None else "")
            or (tag.arguments[2] if len(tag.arguments) > 2 else "")
        )
        if tag.get("caption") and tag.get("title"):
            caption = f"{tag.get('title')}: {tag.get('caption')}"
        if tag.get("attr"):
            given = f"[{tag.get('attr')}]({tag.get('attrlink')})" if tag.get("attrlink") else tag.get("attr")
            caption = f"{caption} {given}".strip()
        shown = picture_of(source, tag.get("alt", at=1) or caption, caption)
        target = tag.get("link", "href") if tag.options.get("src") else ""
        if target and target != source:
            return apart(shown) + apart(link_to(target, target))
        return apart(shown)

    def _quotation(self, tag: TemplateTag, inside: str) -> str:
        lines = dedented(inside).strip("\n").split("\n")
        by = ", ".join(
            part for part in (tag.get("author", "by", "attribution", "cite"), tag.get("source", "title")) if part
        )
        url = tag.get("url", "link", "href")
        if by or url:
            lines += ["", f"— {link_to(by or url, url) if url else by}"]
        return apart("\n".join(f"> {line}" if line.strip() else ">" for line in lines))

    def _include(self, tag: TemplateTag, source: str, line: int) -> str | None:
        for path in self._hugo.included(source, self._post):
            data = self._hugo.blog.read(path) if path in self._hugo.blog.files else None
            if data is None:
                continue
            content = data.decode("utf-8", "replace")
            self._remarks.changed(line, f"the text of {quote(path)} was set in place of its include")
            if tag.get("code") == "true" or tag.get("lang", "language") or not path.endswith((".md", ".markdown")):
                return apart(fence(tag.get("lang", "language") or path.rpartition(".")[2], content))
            return apart(content.strip("\n"))
        return None


def _lead(text: str, at: int) -> str:
    """The blanks and marks of quotations that the line with the character at *at* begins with."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t>"))]
