"""A second look at an article, after it was rendered: nothing in it may run, style itself, or load from another host.

The first look is at the source (:mod:`engblog.source.references`), which can say where and what to write instead.
Markdown has more ways to become HTML than a scan of its source can foresee, so what comes out is checked as well, and
more strictly: the element's name is enough, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engblog.html.tags import read_tags

FORBIDDEN_ELEMENTS = frozenset(
    {"script", "style", "iframe", "frame", "object", "embed", "applet", "link", "meta", "base", "form", "portal"}
)
"""Those that authors may not write."""
_ELEMENT = re.compile(rf"<\s*({'|'.join(sorted(FORBIDDEN_ELEMENTS | {'math'}))})\b", re.IGNORECASE)
_SUSPECT = tuple(
    map(
        re.compile,
        (
            r"[\s/\"'](?:on[a-z]++|style|srcdoc|formaction)\s*+=",
            r"script\s*+(?::|&)",
            r"(?:src|poster|background)\s*+=[\s\"']*+(?:https?:)?//",
            r"srcset\s*+=",
            r"data:text",
            # An address in disguise: with white space inside of it, which browsers take out, or with references.
            r"(?:href|src|srcset|poster|background|data)\s*+=\s*+[\"']?+\s*+(?:[^\"'<>&\s]|&amp;)*+[\t\n\r&]",
            r"&#(?!39;|x27;|160;|8617;)",  # these hide nothing: apostrophes, and what footnotes end with
        ),
    )
)
"""On HTML in lower case: one expression for all, or one that knows no case, takes ten times as long."""
_LOADED = frozenset({"src", "srcset", "poster", "background", "data"})
_ACTIVE = ("javascript:", "vbscript:", "data:text")


def unsafe_markup(html: str) -> list[str]:
    """What *html*, the body of a page, must not have: one phrase each, empty for a safe page.

    Cheap for a page that has nothing of the kind: regular expressions; tags are only read where they suspect something.
    """
    found = [f"the element <{name.lower()}>" for name in dict.fromkeys(_ELEMENT.findall(html))]
    lower = html.lower()
    if any(suspect.search(lower) for suspect in _SUSPECT):
        unsafe = (phrase for tag, attributes in read_tags(html) for phrase in _unsafe_attributes(tag, attributes))
        found.extend(dict.fromkeys(unsafe))
    return found


def _unsafe_attributes(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        address = re.sub(r"[\x00-\x20]", "", value).lower()
        if name == "style" or name.startswith("on") or name in {"srcdoc", "formaction"}:
            yield f"the attribute {name} of <{tag}>"
        elif address.startswith(_ACTIVE):
            yield f"the address {address[:40]!r} of <{tag}>"
        elif name in _LOADED and "//" in address:
            yield f"<{tag}>, which loads {address[:60]!r}"
