"""Generators of HTML and of attribute lists that authors of bad faith could write, for tests of every depth."""

from __future__ import annotations

from hypothesis import strategies as st

ELEMENTS = (
    "a", "abbr", "animate", "applet", "area", "article", "audio", "b", "base", "body", "button", "canvas", "code",
    "details", "dialog", "div", "embed", "fieldset", "font", "form", "frame", "frameset", "h2", "head", "header",
    "html", "i", "iframe", "image", "img", "input", "isindex", "label", "li", "link", "listing", "main", "map",
    "marquee", "math", "meta", "mi", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "option", "p",
    "param", "picture", "plaintext", "portal", "pre", "q", "script", "section", "select", "slot", "source", "span",
    "style", "summary", "svg", "table", "td", "template", "textarea", "title", "tr", "track", "ul", "use", "video",
    "x-y", "xmp",
)  # fmt: skip
ATTRIBUTES = (
    "accesskey", "action", "aria-hidden", "aria-label", "autofocus", "background", "class", "contenteditable",
    "data-contents", "data-search-open", "dir", "form", "formaction", "height", "hidden", "href", "http-equiv", "id",
    "inert", "is", "lang", "markdown", "name", "onclick", "onerror", "onfocus", "onload", "ontoggle", "open", "ping",
    "popover", "rel", "role", "slot", "src", "srcdoc", "srcset", "style", "tabindex", "target", "title", "type",
    "usemap", "value", "width", "xlink:href",
)  # fmt: skip
VALUES = (
    "", "x", "1", "99999", "button", "alert", "javascript:ran()", "java&Tab;script:ran()",
    "data:text/html,<script>ran()</script>", "//evil.example/x", "https://evil.example/x.png", "\\\\evil.example",
    "claim", "measured", "stretched", "skip", "masthead", "visually-hidden", "note tip", "querySelector",
    "page--content", "search--field", "body", "cookie", "the-second-write", "position:fixed;inset:0", "#a", "a > b",
    "<!--", "-->", "_top", "refresh", "0;url=https://evil.example/",
)  # fmt: skip
_TEXTS = ("", "text", "<!--", "-->", "<![CDATA[<!--]]>", "<b onclick=ran()>x</b>", "`x`", "{: .skip }")
_value = st.sampled_from(VALUES)


@st.composite
def _attribute(draw: st.DrawFn) -> str:
    name, value = draw(st.sampled_from(ATTRIBUTES)), draw(_value)
    name = draw(st.sampled_from([name, name.upper(), name]))
    form = draw(st.integers(0, 3))
    if form == 0 or not value:
        return name
    quote = '"' if form < 3 else "'"
    return f"{name}={quote}{value}{quote}"


@st.composite
def _tag(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(ELEMENTS))
    inside = draw(st.sampled_from([" ", " ", "/", "\n", "\t"])).join(["", *draw(st.lists(_attribute(), max_size=3))])
    text = draw(
        st.sampled_from(["", "text", "<!--", "-->", "<![CDATA[<!--]]>", "<b onclick=ran()>x</b>", "`x`", "{: .skip }"])
    )
    end = draw(st.sampled_from([f"</{name}>", f"</{name}>", f"</{name}>", "", "/>"]))
    return f"<{name}{inside}{'' if end == '/>' else '>'}{text if end != '/>' else ''}{end}"


@st.composite
def _list(draw: st.DrawFn) -> str:
    word = st.one_of(
        _value.map(lambda value: f".{value.split()[0] if value.split() else 'x'}"),
        _value.map(lambda value: f"#{value.split()[0] if value.split() else 'x'}"),
        _attribute(),
    )
    sign = draw(st.sampled_from(["{: ", "{:", "{", "{ "]))
    return f"{sign}{' '.join(draw(st.lists(word, min_size=1, max_size=3)))}{draw(st.sampled_from([' }', '}']))}"


_ends = st.sampled_from(
    ["</main></body><body inert>", "</article>", "</div>", "</p>", "</body>", "<!--", "-->", "]]>", "</xmp>"]
)
_prose = st.sampled_from(["Text", "*text*", "`code`", "[link](#a)", "text[^1]", "++ctrl+k++", "[ ] x", "~~x~~"])
_boxes = st.sampled_from(["!!!", "???", "???+"])
_inline = st.lists(st.one_of(_prose, _tag(), _list(), _ends), min_size=1, max_size=4).map(" ".join)
_block = st.one_of(
    _inline,
    _inline.map(lambda text: f"## {text}"),
    _inline.map(lambda text: f"- {text}\n    - {text}"),
    _inline.map(lambda text: f"> {text}"),
    _inline.map(lambda text: f"| {text} | b |\n|---|---|\n| c | {text} |"),
    _inline.map(lambda text: f"Term\n:   {text}"),
    st.tuples(st.sampled_from(["!!!", "???", "???+"]), _value, _inline).map(
        lambda each: f'{each[0]} {each[1]} "T"\n    {each[2]}'
    ),
    st.tuples(_inline, _inline).map(lambda each: f'=== "{each[0]}"\n    {each[1]}'),
    st.tuples(_list(), _inline).map(lambda each: f"```{each[0]}\n{each[1]}\n```"),
    st.tuples(_inline, _list()).map(lambda each: f"{each[0]}\n{each[1]}"),
    st.tuples(_tag(), _inline).map("\n\n".join),
    _inline.map(lambda text: f"<div markdown>\n\n{text}\n\n</div>"),
)
BLOCKS = st.lists(_block, min_size=1, max_size=3).map(lambda blocks: "\n\n".join(blocks) + "\n")
"""Texts of articles, in Markdown, that try to get markup into a page which authors may not write."""

_element = st.sampled_from(ELEMENTS).map(lambda name: f"<{name}>x</{name}>")
_parts = st.lists(st.one_of(_prose, _list(), _element), max_size=3)
MILD = _parts.map(lambda parts: "\n\n".join([*parts, "Text.\n"]))
"""The same, of which more are accepted."""
