"""Runs ``mkdocs`` as ``python -m mkdocs`` does, and counts how often each article's Markdown is rendered.

``python -m benchmarks.counted COUNTS.json build …``. The count costs one search of a string a rendering, some
microseconds beside tens of milliseconds, and is the same for whatever is built.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections import Counter
from pathlib import Path

import markdown

MARK = "benchmark-article-"
"""Stands once in each article's text, with its number in four digits after it."""


def main() -> None:
    """Build, and write how often each article was rendered."""
    counts_file = Path(sys.argv.pop(1)).absolute()
    rendered: Counter[str] = Counter()
    convert = markdown.Markdown.convert

    def counting(self: markdown.Markdown, source: str) -> str:
        at = source.find(MARK)
        if at >= 0:
            rendered[source[at + len(MARK) : at + len(MARK) + 4]] += 1
        return convert(self, source)

    markdown.Markdown.convert = counting  # type: ignore[method-assign]
    try:
        runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
    finally:
        counts_file.write_text(json.dumps(rendered), encoding="utf-8")


if __name__ == "__main__":
    main()
