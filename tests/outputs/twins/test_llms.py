"""llms.txt, the list of the twins."""

from __future__ import annotations

import re
from pathlib import Path

from engblog.outputs.twins.llms import llms_txt, opening
from support.sources import article, write
from support.twins import SITE, full, publication


def test_llms_txt_lists_every_article_by_category_newest_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "articles/c/index.md": article(title="C", date="2026-11-21"),
            "articles/d/index.md": article(title="'[D]( <x>'", category="System Design", date="2026-11-22"),
        },
    )
    full(tmp_path)
    site = publication(tmp_path, feeds=(("Mini, RSS", "feed.xml"),))
    ((path, data),) = llms_txt(site)
    lines = data.decode().splitlines()
    assert (path, lines[0], lines[2]) == ("llms.txt", "# Mini", "> A small site.")
    assert [line for line in lines if line.startswith("## ")] == ["## Database", "## System Design", "## Optional"]
    links = [found[1] for line in lines if (found := re.search(r"\]\((https[^)]+)\): ", line))]
    assert links[:4] == [f"{SITE}articles/2026/11/{day}/index.md" for day in ("21/c", "20/a", "19/b", "22/d")]
    assert set(links[4:]) >= {f"{SITE}archive/", f"{SITE}feed.xml", f"{SITE}search/"}
    assert all(re.fullmatch(r"- \[.+\]\(https://\S+\): \S.*", line) for line in lines if line.startswith("- "))


def test_descriptions_are_shortened_at_a_sentence_or_a_word() -> None:
    assert opening("Short.") == "Short."
    assert opening("One sentence here. And another that is too long.", 30) == "One sentence here."
    assert opening("word " * 20, 30) == "word word word word word…"
    assert len(opening("x" * 900)) == 300
