"""Liquid in the texts of Jekyll: what has an equal is written as articles write it, the rest is noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engblog.importing.boxes import box, box_kind
from engblog.importing.front import dig
from engblog.importing.old_text import HIDDEN_CODE, OldText, Rewrite
from engblog.importing.templates import TemplateTag, liquid_tags, pair_tags
from engblog.importing.written import POST, apart, fence, frame, link_to, picture_of, player, unseen
from engblog.model.problems import quote

if TYPE_CHECKING:
    from engblog.importing.dialect import OldPost
    from engblog.importing.jekyll import Jekyll

_RAW = re.compile(r"\{%-?[ \t\n]*+(?P<ends>end)?+raw[ \t\n]*+-?%\}")
_OUTPUT = re.compile(r"\{\{-?(?P<inside>(?:[^{}\"']|\"[^\"]*+\"|'[^']*+')*+)-?\}\}")
_LITERAL = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'")
_SHIELD = ("\ue200", "\ue201", "\ue202")
"""Characters that take the place of ``{{``, ``{%`` and ``}`` where Liquid must not see them."""
_SHIELDS = re.compile("[\ue200\ue201\ue202]")
_ALONE = frozenset({"include", "include_relative", "include_cached", "post_url", "link", "gist", "assign", "youtube",
                    "vimeo", "tweet", "twitter", "cycle", "increment", "decrement", "img", "image", "asset", "seo",
                    "feed_meta", "toc", "render", "elsif", "else", "when", "video", "figure"})  # fmt: skip
_PICTURES = ("src", "url", "image_path", "image", "img", "path", "file", "image_url", "source", "name", "filename")
_PICTURE_NAME = re.compile(r"fig|im(?:g|age)|pic|photo|screenshot|thumb", re.IGNORECASE)
_HAS_LIQUID = re.compile(r"\{[{%]")
_PARAMETER = re.compile(r"\{\{-?\s*+include\.(?P<name>[\w-]++)[^{}]*+\}\}")


def translate_liquid(text: OldText, post: OldPost, jekyll: Jekyll) -> None:
    """Write every tag and output of Liquid in *text* as an article does. Jekyll reads them in code too."""
    text.apply(_raw(text.text))
    reader = _LiquidReader(post, jekyll)
    for _ in range(8):  # what is within a tag is looked at in the next round
        before = text.text
        tags = liquid_tags(text.text)
        if not tags:
            break
        for tag in tags:
            tag.is_alone = tag.name in _ALONE
        text.apply(reader.changes(text, pair_tags(tags)))
        if text.text == before:
            break
    text.apply(reader.outputs(text))
    written = dict(zip(_SHIELD, ("{{", "{%", "}"), strict=True))
    text.apply(Rewrite(*found.span(), written[found[0]]) for found in _SHIELDS.finditer(text.text))


def _raw(text: str) -> Iterator[Rewrite]:
    """Hide what is between ``{% raw %}`` and ``{% endraw %}``, so that Liquid does not see it."""
    opened: re.Match[str] | None = None
    for found in _RAW.finditer(text):
        if found["ends"] and opened is not None:
            yield Rewrite(opened.start(), found.end(), _shielded(text[opened.end() : found.start()]))
            opened = None
        elif not found["ends"] and opened is None:
            opened = found


def _shielded(text: str) -> str:
    return text.replace("{{", _SHIELD[0]).replace("{%", _SHIELD[1]).replace("}", _SHIELD[2])


class _LiquidReader:
    def __init__(self, post: OldPost, jekyll: Jekyll) -> None:
        self._post, self._jekyll, self._remarks = post, jekyll, post.remarks

    def changes(self, text: OldText, tags: list[TemplateTag]) -> Iterator[Rewrite]:
        """The changes that take the outermost tags away."""
        covered = -1
        for tag in tags:
            if tag.start < covered:
                continue
            covered = tag.closed_by.end if tag.closed_by else tag.end
            yield Rewrite(tag.start, covered, self._new(tag, text))

    def _new(self, tag: TemplateTag, text: OldText) -> str:
        line = text.line(tag.start)
        source = text.text[tag.start : tag.end]
        tag.inside = self._value(tag.inside)
        inside = text.text[tag.end : tag.closed_by.start] if tag.closed_by else None
        name, note = tag.name, self._remarks
        if name == "highlight" and inside is not None:
            language = tag.arguments[0] if tag.arguments else ""
            lines = 'linenums="1"' if "linenos" in tag.inside else ""
            lead = _indent_of(text.text, tag.start)
            return "\n" + fence(language, _without(inside.rstrip(" \t"), lead), lines, lead=lead).removeprefix(lead)
        if name == "comment":
            note.changed(line, "a comment of Liquid was taken out")
            return ""
        if name in {"post_url", "link"}:
            return self._reference(tag, line)
        if name in {"include", "include_cached", "include_relative", "render"}:
            return self._include(tag, source, line)
        if name == "gist" and tag.inside:
            identity = tag.inside.split()[0].strip("\"'")
            note.changed(line, "a gist is a link now: pages load nothing from other hosts")
            return apart(link_to("Code on GitHub Gist", f"https://gist.github.com/{identity}"))
        if name in {"tweet", "twitter"} and tag.arguments:
            note.changed(line, "a tweet is a link now: pages load nothing from other hosts")
            return apart(link_to("Post on X", _joined(tag.arguments[0])))
        if tag.inside and (shown := player(name, tag.inside.split()[0].strip("\"'"))):
            note.changed(line, f"what {name} showed in a frame is a link now: pages load nothing from other hosts")
            return apart(shown)
        if name in {"img", "image", "figure"} and inside is None and (tag.options or tag.arguments):
            source_ = next((tag.options[key] for key in _PICTURES if tag.options.get(key)), "") or next(
                (each for each in tag.arguments if "." in each), ""
            )
            if source_:
                return apart(picture_of(source_, tag.get("alt", "caption", "title"), tag.get("caption", "title")))
        if inside is not None and (kind := box_kind(name)):
            return apart(box(kind, tag.inside.strip("\"'"), inside))
        if name in {"assign", "capture", "cycle", "increment", "decrement", "seo", "feed_meta", "toc"} and (
            name in {"seo", "feed_meta", "toc"}
        ):
            note.changed(line, f"{quote(source)} was taken out: the theme does this")
            return ""
        hint = "look at the old page, and write what it showed"
        note.left(line, f"{quote(source)} is a program of Liquid, which articles do not have", hint)
        before = text.text[: tag.start]
        is_target = before.endswith(("](", '="', "='", "(<")) or before.rpartition("\n")[2].count("`") % 2
        comment = "" if is_target else unseen(source.replace("{", "").replace("}", ""))
        return comment + (inside or "")

    def _reference(self, tag: TemplateTag, line: int) -> str:
        target = tag.inside.strip("\"' ")
        path = self._jekyll.reference(target, self._post)
        if path is None:
            self._remarks.left(line, f"there is no page {quote(target)}", "link to where it is now")
            return f"/{target.lstrip('/')}"
        lead = f"{self._jekyll.root}/" if self._jekyll.root else ""
        is_text = path.lower().endswith((".md", ".markdown", ".html"))
        return f"{POST}{path}" if is_text else f"/{path.removeprefix(lead)}"

    def _include(self, tag: TemplateTag, source: str, line: int) -> str:
        name = tag.inside.split(maxsplit=1)[0].strip("\"',") if tag.inside else ""
        options = {key: self._value(value) for key, value in tag.options.items()}
        target = next((options[key] for key in _PICTURES if options.get(key)), "")
        stem = name.rpartition("/")[2].partition(".")[0].lower()
        if shown := player(
            stem.removesuffix("player").removesuffix("-embed").removesuffix("_embed"),
            options.get("id") or options.get("video_id") or options.get("youtubeid") or "",
        ):
            self._remarks.changed(line, f"{quote(name)} is a link now: pages load nothing from other hosts")
            return apart(shown)
        words = options.get("alt") or options.get("caption") or options.get("description") or options.get("title") or ""
        if target and (
            _PICTURE_NAME.search(stem)
            or target.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"))
        ):
            caption = options.get("caption") or options.get("description") or options.get("title") or ""
            self._remarks.changed(line, f"the picture of {quote(name)} is one in Markdown now")
            return apart(picture_of(target, words, caption))
        if stem == "iframe" and target:
            return apart(frame(target))
        for path in self._jekyll.included(name, self._post, relative=tag.name == "include_relative"):
            data = self._jekyll.blog.read(path) if path in self._jekyll.blog.files else None
            if data is None:
                continue
            content = _PARAMETER.sub(
                lambda found: options.get(found["name"].lower(), ""), data.decode("utf-8", "replace")
            )
            content = content.removeprefix("\ufeff").replace("\r\n", "\n")
            if not _HAS_LIQUID.search(content) and "<script" not in content.lower():
                self._remarks.changed(line, f"the text of {quote(path)} was set in place of its include")
                return content.strip("\n") if "\n" not in content.strip("\n") else apart(content.strip("\n"))
        hint = "look at the old page, and write what it showed"
        self._remarks.left(line, f"{quote(source)} includes what only the old theme has", hint)
        return unseen(source.replace("{", "").replace("}", ""))

    def outputs(self, text: OldText) -> Iterator[Rewrite]:
        """The changes that replace ``{{ … }}``."""
        masked = text.masked()
        for found in _OUTPUT.finditer(text.text):
            inside = found["inside"].strip("- \t\n")
            value = self._value_of(inside)
            if value is not None:
                yield Rewrite(*found.span(), value)
                continue
            line = text.line(found.start())
            if masked.startswith(HIDDEN_CODE, found.start()):
                self._remarks.changed(line, f"{quote(found[0])} in code is shown as written now")
                continue
            hint = "write its value; if it was shown as text, nothing is to do"
            self._remarks.left(line, f"{quote(found[0])} is a value of Liquid that is unknown here", hint)

    def _value(self, text: str) -> str:
        return _OUTPUT.sub(lambda found: self._value_of(found["inside"].strip()) or "", text)

    def _value_of(self, expression: str) -> str | None:
        """The value of the *expression* of Liquid; None if it cannot be known."""
        first, *filters = (part.strip() for part in expression.split("|"))
        value = self._plain(first)
        for each in filters:
            name, _, argument = (part.strip() for part in each.partition(":"))
            if value is None:
                return None
            given = self._plain(argument) if argument else None
            if name == "prepend":
                value = f"{given or ''}{value}"
            elif name == "append":
                value = f"{value}{given or ''}"
            elif name in {"absolute_url", "relative_url", "escape", "strip", "uri_escape", "cgi_escape", "markdownify",
                          "xml_escape", "smartify", "strip_newlines", "url_encode"}:  # fmt: skip
                continue
            elif name == "downcase":
                value = value.lower()
            else:
                return None
        return value

    def _plain(self, text: str) -> str | None:
        if found := _LITERAL.fullmatch(text):
            return found["double"] if found["double"] is not None else found["single"]
        if text in {"site.baseurl", "site.url", "site.github.url", "baseurl"}:
            return ""  # addresses from the root of the old site are rewritten with all the others
        scope, _, path = text.partition(".")
        value: Any = None
        if scope == "site" and path:
            value = dig(self._jekyll.settings, *path.split("."))
        elif scope == "page" and path:
            value = {"title": self._post.title, "url": self._post.address, "date": None}.get(path)
            if value is None:
                value = dig(self._post.front.values, *path.split("."))
        return None if value is None or isinstance(value, Mapping | list) else str(value)


def _indent_of(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line if not line.strip() else ""


def _without(text: str, lead: str) -> str:
    """*text* with *lead* taken from each line that begins with it."""
    return "\n".join(line.removeprefix(lead) for line in text.split("\n")) if lead else text


def _joined(target: str) -> str:
    return target if target.startswith("http") else f"https://twitter.com/{target}"
