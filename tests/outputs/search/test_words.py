"""Each word is in the file of its first letter and in that of its last two letters."""

from __future__ import annotations

from zlib import crc32

from engblog.html.sections import Section
from engblog.outputs.search import Document, Facet
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.words import word_files


def test_a_word_is_where_its_beginning_and_where_its_end_say() -> None:
    letters = "abcdefghij"
    words = [f"{one}{two}{three}{four}" for one in letters for two in letters for three in letters for four in "xyz"]
    found = Collector([Document("a/", "T", (Section("", "", " ".join(words)),))])
    begin, end = word_files(found, [Facet("redis", "Redis")], dict.fromkeys(found.numbers.values(), 1))
    assert len(begin) == len(end) > 3
    for word in ("redis", "abcx", "jjjz"):
        for files, key in ((begin, word[0]), (end, word[-2:])):
            data = files[crc32(key.encode()) % len(files)].decode()
            last = ""
            there = set()
            for line in data.partition("\n")[2].split("\n"):
                last = last[: ord(line[0]) - 48] + line[2:]
                there.add(last)
            assert word in there
