"""HTML as browsers read it: a tree, in time and memory that grow with the text.

Lexbor builds the tree as the HTML standard says. Built so, some texts cost the square of their length: every end tag
looks through all elements that are open, every paragraph repeats the emphasis that is open around it, and every
attribute is compared with those before it. Browsers stop at a depth of 512 for the same reason. Such a text is refused
before it is parsed; no page that a person wrote comes near.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

Node = LexborNode
TEXT = "-text"
"""The tag of a node that is text."""
_DEPTH = 32
"""The most levels of elements in elements, if all are closed."""
_OPEN, _EMPHASIS, _LONGEST = 256, 24, 20_000
"""The most elements that may stay open, the most emphasis among them, and the most characters of an unusual tag."""

# An attribute whose end is where it seems to be, wherever the text is: a `<` is in none of them.
_ATTRIBUTES = r"(?:\s++[^\s\"'<>/=]++(?:=(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>=`/]++))?+){0,40}+\s*+"
_SHAPES = "path|rect|line|circle|ellipse|polyline|polygon|g|text|tspan|use|defs|marker|clipPath|symbol|image"
_NAMED = r"(?: [a-z-]++=\"[^\"<]*+\")*+"
_LINE = re.compile(rf"<span{_NAMED}>[^<]*+(?:<(?:span{_NAMED}>[^<]*+</span>|a{_NAMED}></a>)[^<]*+)*+</span>")
"""A line or a word of highlighted code: most of what there is."""
_CLOSED = re.compile(
    rf"<([a-z][a-z0-9]*+){_ATTRIBUTES}>[^<]*+</\1>"
    rf"|<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr){_ATTRIBUTES}/?>"
    r"|<!--(?:[^<>-]|-(?!-))*+-->"
    rf"|<svg{_ATTRIBUTES}>(?:[^<]++|</?(?:{_SHAPES}){_ATTRIBUTES}/?>|<(title|desc){_ATTRIBUTES}>[^<]*+</\2>)"
    r"{0,3000}+</svg>"
)
"""An element that leaves nothing open behind it, even if it is in a comment or in an attribute."""
_START = re.compile(r"<(?=[a-zA-Z])")
_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_NOSCRIPT = re.compile("<noscript", re.IGNORECASE)
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*+")
_MARK = re.compile(" \ue000[0-9]++")


def is_tangled(html: str) -> bool:
    """True if *html* leaves so many elements open that a tree of it could take quadratic time."""
    rest = _LINE.sub("", html)
    for _ in range(_DEPTH):
        rest, count = _CLOSED.subn("", rest)
        if count * 4 * _DEPTH <= rest.count("<"):  # of what is closed, at least one in so many has nothing in it
            break
    else:
        return True
    tags = _START.split(rest)
    return len(tags) > _OPEN or len(_FORMATTING.findall(rest)) > _EMPHASIS or max(map(len, tags)) > _LONGEST


class HtmlTree:
    """A page or, as a *fragment*, the inside of one; empty for a tangled text."""

    def __init__(self, html: str, *, fragment: bool = False, scripting: bool = False) -> None:
        self.tangled = is_tangled(html)
        text = b"" if self.tangled else html.encode("utf-8", "replace")
        self._parser = LexborHTMLParser(
            text, is_fragment=fragment, options=LexborDocumentOptions.WO_EVENTS, scripting=scripting
        )

    @property
    def root(self) -> Node | None:
        """The element around everything: of a page, ``<html>``."""
        return self._parser.root

    @property
    def children(self) -> Iterator[Node]:
        """The nodes at the top: elements and text."""
        root = self._parser.root
        return iter(()) if root is None else root.iter(include_text=True)

    def elements(self) -> Iterator[tuple[str, Node]]:
        """The name of every element and itself, in the order of the text; those in a ``<template>`` come last."""
        waiting = [self._parser.root]
        while waiting:
            root = waiting.pop()
            for node in root.traverse() if root is not None else ():
                name = node.tag
                if name and name[0] != "-":
                    yield name, node
                    if name == "template":
                        waiting += node.template_fragments()


def trees(html: str, *, fragment: bool = False) -> Iterator[HtmlTree]:
    """The tree of *html* and, if it has a ``<noscript>``, the one that a browser builds that runs scripts."""
    yield HtmlTree(html, fragment=fragment)
    if _NOSCRIPT.search(html):
        yield HtmlTree(html, fragment=fragment, scripting=True)


def marked(html: str) -> str:
    """*html* with a mark in every tag that gives the number of characters before it, which the tree does not know."""
    return _NAME.sub(lambda tag: f"{tag[0]} \ue000{tag.start()}", html)


def mark_of(attributes: dict[str, str | None]) -> int:
    """The characters before the tag with *attributes*, in a text that is :func:`marked`."""
    return next((int(name[1:]) for name in attributes if name[0] == "\ue000" and name[1:].isdecimal()), 0)


def unmarked(text: str) -> str:
    """*text* without marks: they also appear where something merely looks like a tag."""
    return _MARK.sub("", text)
