"""Start tags and their attributes, as browsers read them.

This is no parser of HTML: it finds start tags and where comments end, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

# Tags as the HTML standard cuts them (13.2.5, tokenization): a quote opens a value behind `=` alone, and a `<` may
# stand in values. A tag that never ends swallows the rest of the page, so that no character is passed more than
# twice. Most tags are of a plain kind, which is tried first.
_PLAIN = r"(?:\s++[^\s\"'<>/=]++=\"[^\"]*+\")*+\s*+/?>"
_VALUE = r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)"
_ANY = rf"(?:[\s/]++|(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+{_VALUE}?+)?+)*+>?"
TAG = re.compile(
    r"<(?:(!--)"
    # Highlighted code is mostly these, and they say nothing.
    r"|(?!(?!script|style|title|textarea)[a-z][a-z0-9]*+(?: class=\"[^\"<>]*+\")?>)"
    rf"([a-zA-Z][^\s/>]*+)({_PLAIN}|{_ANY}))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"""(=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?""")
_CONTROL = re.compile(r"[\t\n\r]")


def attributes(text: str) -> dict[str, str]:
    """Values without entities by name in lower case; *text* is what a tag has after its name. Of two with one name
    the first wins."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def read_tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and attributes of every start tag in a part of a page; those that say nothing but a class may be left out.

    A tag that does not end here is one too: what comes behind this part will end it. The text of elements such as
    ``textarea`` is read as if it were markup, and comments are not.
    """
    at = 0
    while True:
        for tag in TAG.finditer(html, at):
            comment, name, inside = tag.groups()
            if comment:
                at = behind_comment(html, tag.end())
                break
            yield name.lower(), attributes(inside.removesuffix(">"))
        else:
            return


def behind_comment(html: str, start: int) -> int:
    """Where the comment ends whose text begins at *start*: at `<!-->` as well."""
    if html.startswith((">", "->"), start):
        return html.index(">", start) + 1
    found = _COMMENT_END.search(html, start)
    return found.end() if found else len(html)


def clean_address(address: str) -> str:
    """*address* as browsers take it: without white space around it and line breaks inside."""
    return _CONTROL.sub("", address.strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x1b\x1f "))
