"""Writes pieces of Markdown in place of something else."""

from __future__ import annotations

import re
from urllib.parse import quote_plus

POST = "old-post:"
"""The start of the address of a link that leads to a post by the path of its old file, until links are rewritten."""

_MARKED = re.compile(r"[\[\]\\]")
_BLANK = re.compile(r"\s+")
_BACKTICKS = re.compile(r"`{3,}")


def address_of_target(target: str) -> str:
    """*target* as the address of a link: in angle brackets if it could end too early."""
    plain = _BLANK.sub(" ", target.strip())
    odd = not plain or " " in plain or "(" in plain or ")" in plain
    return f"<{plain.replace('<', '%3C').replace('>', '%3E')}>" if odd else plain


def picture_of(target: str, alt: str, caption: str = "") -> str:
    """A picture; *caption* is its title, which a figure shows."""
    words = _BLANK.sub(" ", _MARKED.sub(r"\\\g<0>", alt.strip()))
    title = _BLANK.sub(" ", caption.strip()).replace("\\", "\\\\").replace('"', '\\"')
    return f"![{words}]({address_of_target(target)}" + (f' "{title}")' if title else ")")


def link_to(text: str, target: str) -> str:
    """A link."""
    return f"[{_BLANK.sub(' ', text.strip()) or target}]({address_of_target(target)})"


def fence(language: str, code: str, options: str = "", *, lead: str = "") -> str:
    """A block of code, in a fence that nothing in it ends."""
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=2)
    marks = "`" * max(3, longest + 1)
    head = " ".join(part for part in (language, options) if part)
    return "\n".join(
        f"{lead}{line}".rstrip() if not line.strip() else f"{lead}{line}"
        for line in (f"{marks}{head}", *code.strip("\n").split("\n"), marks)
    )


def apart(block: str) -> str:
    """*block* with blank lines around it."""
    return f"\n\n{block}\n\n"


def unseen(text: str) -> str:
    """*text* as a comment in the article, so that whoever looks at it sees what was there."""
    plain = (
        _BLANK.sub(" ", text.strip()).replace("--", "- -").replace(">", "›") if "-->" in text or "--" in text else text
    )
    return f"<!-- {_BLANK.sub(' ', plain.strip())} -->"


_PLAYERS = {
    "youtube": ("Video on YouTube", "https://www.youtube.com/watch?v={}"),
    "youtu": ("Video on YouTube", "https://www.youtube.com/watch?v={}"),
    "vimeo": ("Video on Vimeo", "https://vimeo.com/{}"),
    "asciinema": ("Recording on asciinema", "https://asciinema.org/a/{}"),
    "speakerdeck": ("Slides on Speaker Deck", "https://speakerdeck.com/player/{}"),
    "spotify": ("Audio on Spotify", "https://open.spotify.com/episode/{}"),
    "codepen": ("Code on CodePen", "https://codepen.io/pen/{}"),
    "jsfiddle": ("Code on JSFiddle", "https://jsfiddle.net/{}/"),
    "instagram": ("Picture on Instagram", "https://www.instagram.com/p/{}/"),
    "bilibili": ("Video on Bilibili", "https://www.bilibili.com/video/{}"),
}


def player(name: str, identity: str) -> str:
    """A link to what a page showed in a frame; empty if *name* is not a service that we know."""
    known = _PLAYERS.get(name.lower())
    if known is None or not identity:
        return ""
    address = identity if identity.startswith("http") else known[1].format(quote_plus(identity, safe="/-_@"))
    return link_to(known[0], address)


_FRAMES = (
    (re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/(?P<id>[\w-]+)"), "youtube"),
    (re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(?P<id>\d+)"), "vimeo"),
    (re.compile(r"(?:https?:)?//(?:www\.)?asciinema\.org/a/(?P<id>[\w-]+)"), "asciinema"),
)


def frame(source: str) -> str:
    """A link to the page *source*, which a frame showed."""
    for pattern, name in _FRAMES:
        if found := pattern.match(source.strip()):
            return player(name, found["id"])
    whole = f"https:{source}" if source.startswith("//") else source
    host = re.sub(r"^https?://(?:www\.)?", "", whole).partition("/")[0]
    return link_to(f"Open on {host}" if whole.startswith("http") else "Open it", whole) if source.strip() else ""
