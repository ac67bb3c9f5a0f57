"""The texts in ``mkdocs.yml`` that readers see: nothing in them may be lost.

The host reads the file, with comments wherever its maintainer likes and with its own tags. This looks only at the
values that become text on pages and in feeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import yaml

from engblog.model.problems import Mark, Problems
from engblog.source.lost_text import find_lost_text

TEXTS = frozenset({"site_name", "site_description", "site_author", "copyright", "repo_name"})
_HOST_TAGS = ("!ENV", "!relative", "!!python/")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_site_texts(text: str, path: str, problems: Problems) -> None:
    """Note what would be lost of the texts in *text*, the configuration *path*. Other mistakes are the host's to
    name."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        lost = list(find_lost_text(text))
    except yaml.YAMLError:
        return
    if not isinstance(root, yaml.MappingNode):
        return
    lines = frozenset(_lines(root, text.count("\n") + 1))
    source = text.split("\n")
    for each in lost:
        if each.line in lines and not source[each.line].startswith(_HOST_TAGS, each.column):
            problems.add(Mark(path, each.line + 1, each.column + 1), each.code, each.message, each.hint)


def _lines(root: yaml.MappingNode, end: int) -> Iterator[int]:
    """The lines, zero-based, of the texts that readers see."""
    starts = [(key.value, key.start_mark.line) for key, _ in root.value]
    for (key, first), (_, after) in pairwise([*starts, ("", end)]):
        if key in TEXTS:
            yield from range(first, after)
