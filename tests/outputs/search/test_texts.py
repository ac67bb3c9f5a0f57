"""The files of the passages' texts."""

from __future__ import annotations

import json

from engblog.html.sections import Section
from engblog.outputs.search.texts import text_files


def test_short_articles_share_a_file_and_a_long_one_has_several() -> None:
    short = [[Section("", "", "x" * 900)] for _ in range(20)]
    long = [Section(f"s{number}", "H", "text " * 700) for number in range(12)]
    addresses = [f"a{number}/" for number in range(21)]
    written = list(text_files(addresses, [*short[:10], long, *short[10:]]))
    files = [json.loads(data) for data, _ in written]
    assert [sum(map(len, each.values())) for each in files] == [count for _, count in written]
    assert sum(count for _, count in written) == 32
    assert sum("a10/" in each for each in files) > 2
    assert [row[0] for each in files for row in each.get("a10/", ())] == [section.anchor for section in long]
    assert any(len(each) > 2 for each in files)
