"""Where an address leads, as a browser takes it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from engblog.contract.check import check_site
from engblog.html.links import Addresses, Where, clean_address
from engblog.html.sections import sections_of
from engblog.model.problems import Code
from engblog.model.publication import Identity, Publication
from engblog.outputs.search import build_index, documents_of
from support.sources import article, read_articles

ROOT = "https://mini.example/blog/"
BODY = '<h2 id="why">Why</h2><p>Text.</p>'


@dataclass
class Files:
    """A tree in memory."""

    files: dict[str, bytes]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        return self.files[path]

    def size(self, path: str) -> int:
        return len(self.files[path])

    def digest(self, path: str) -> str:
        return sha256(self.files[path]).hexdigest()

    def edit(self, path: str, old: str, new: str) -> None:
        before = self.files[path].decode()
        assert old in before
        self.files[path] = before.replace(old, new, 1).encode()


def test_an_address_that_its_title_says_is_found_in_the_search(tmp_path: Path) -> None:
    catalogue = read_articles(tmp_path, why_it_stops=article(title="Why it stops"))
    texts = {each.src_uri: sections_of(BODY) for each in catalogue.site.articles}
    files = build_index(documents_of(catalogue.site.articles, catalogue.site.taxonomy, texts, "en"))
    assert b"/~/" in files["search/base.json"]
    problems = check_site(Files(files), Publication(Identity("Mini", ""), catalogue.site, (), {}))
    assert not [problem for problem in problems if problem.code is Code.P005_SEARCH]


@pytest.mark.parametrize(
    ("address", "where", "path"),
    [
        ("", Where.SITE, "a/index.html"),
        ("#x", Where.SITE, "a/index.html"),
        ("?q=1", Where.SITE, "a/index.html"),
        (".", Where.SITE, "a/index.html"),
        ("./", Where.SITE, "a/index.html"),
        ("..", Where.SITE, "index.html"),
        ("../", Where.SITE, "index.html"),
        ("b.png", Where.SITE, "a/b.png"),
        ("./b/../c/", Where.SITE, "a/c/index.html"),
        ("../a/./b.png", Where.SITE, "a/b.png"),
        ("/blog", Where.SITE, "../blog"),
        ("/blog/", Where.SITE, "index.html"),
        ("/blog/%E6%95%B0/", Where.SITE, "数/index.html"),
        ("/blog/数/", Where.SITE, "数/index.html"),
        ("/other/", Where.SITE, "../other/"),
        ("../../other", Where.SITE, "../../../other"),
        ("\\\\far.example\\x", Where.ELSEWHERE, ""),
        ("//far.example/x", Where.ELSEWHERE, ""),
        ("https:far", Where.ELSEWHERE, ""),
        ("https://[", Where.ELSEWHERE, ""),
        ("HTTPS://MINI.example/blog/b.png", Where.SITE, "b.png"),
        ("//mini.example/blog/b.png", Where.SITE, "b.png"),
        ("https://mini.example/other/", Where.BESIDE, "/other/"),
        ("https://mini.example/blog/../other/", Where.BESIDE, "/other/"),
        ("http://mini.example/blog/", Where.ELSEWHERE, ""),
        ("mailto:a@b.example", Where.NOWHERE, ""),
        ("data:image/png;base64,AA//", Where.NOWHERE, ""),
    ],
)
def test_an_address_leads_where_a_browser_takes_it(address: str, where: Where, path: str) -> None:
    target = Addresses(ROOT, ["index.html"]).target("a/index.html", address)
    assert target.where is where
    if where is not Where.SITE or not path.startswith(".."):
        assert target.path == path
    else:
        assert not target.found


def test_an_address_at_the_root_of_a_host_cannot_climb_out() -> None:
    target = Addresses("https://mini.example/", ["index.html"]).target("a/index.html", "../../../")
    assert (target.path, target.found) == ("index.html", True)


def test_an_address_is_taken_without_what_browsers_drop() -> None:
    assert clean_address(" \x00\x1f java\nscript:\talert(1)\r\n ") == "javascript:alert(1)"
    assert clean_address("a b\u00a0") == "a b\u00a0"
