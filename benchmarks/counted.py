"""Runs ``mkdocs`` as ``python -m mkdocs`` does, and counts how often each article's Markdown is rendered.

``python -m benchmarks.counted COUNTS.json build …``. The count costs one search of a string and one short write a
rendering, some microseconds beside tens of milliseconds, and is the same for whatever is built. It is written to a
file, because a build may render in several processes.
"""

from __future__ import annotations

import json
import os
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
    seen = counts_file.with_suffix(".txt")
    log = os.open(seen, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
    convert = markdown.Markdown.convert

    def counting(self: markdown.Markdown, source: str) -> str:
        at = source.find(MARK)
        if at >= 0:
            os.write(log, source[at + len(MARK) : at + len(MARK) + 4].encode() + b"\n")
        return convert(self, source)

    markdown.Markdown.convert = counting  # type: ignore[method-assign]
    try:
        runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
    finally:
        counts_file.write_text(json.dumps(Counter(seen.read_text(encoding="utf-8").split())), encoding="utf-8")


if __name__ == "__main__":
    main()
