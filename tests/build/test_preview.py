"""What a preview says about a problem is true: a build refuses whatever it says that one would, and nothing else."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.hosts import BuildError, build_here, config, log, mini
from support.labs import recorded
from support.sources import DRAWING, article

RSS = """\
  - rss:
      match_path: articles/[^/]+/index\\.md$
      use_git: false
      cache_dir: .cache
      date_from_meta: {as_creation: published, as_update: modified, datetime_format: "%Y-%m-%dT%H:%M:%S%z"}
"""
CONFIG = config(before="hooks: [hook.py]\ndraft_docs: /secret.md\n").replace("markdown_ext", f"{RSS}markdown_ext")
HOOK = """
import re
from pathlib import Path
def on_post_build(config):
    for slug in LOST:
        for path in Path(config.site_dir).glob("feed_rss_*.xml"):
            path.write_text(re.sub(f"<item>(?:(?!</item>).)*/{slug}/(?:(?!</item>).)*</item>", "", path.read_text()))
"""
PLACES = {
    "published": ("docs/articles/a/index.md", {}),
    "other": ("docs/articles/b/index.md", {"tags": "[Go, MySQL, PostgreSQL]"}),
    "draft": ("docs/articles/d/index.md", {"status": "draft", "tags": "[Kubernetes, Go, MySQL]"}),
    "future": ("docs/articles/f/index.md", {"date": "2027-02-03", "category": "System Design"}),
    "by hand": ("docs/about.md", None),
    "left out": ("docs/secret.md", None),
}
"""The file of each page, and its front matter if it is an article."""
ANYWHERE = {
    "no anchor": "[x](#nothing)",
    "this site": "[x](https://mini.example/blog/)",
    "this site, nowhere": "[x](https://mini.example/blog/nowhere/)",
    "this site's draft": "[x](https://mini.example/blog/articles/2026/11/20/d/)",
}
IN_ARTICLES = ANYWHERE | {
    "the draft": "[x](../d/index.md)",
    "an anchor of the draft": "[x](../d/index.md#nothing)",
    "the future": "[x](../f/index.md)",
}
BY_HAND = ANYWHERE | {
    "nowhere": "[x](/blog/nowhere/)",
    "the draft": "[x](articles/d/index.md)",
    "an anchor of the draft": "[x](/blog/articles/2026/11/20/d/#nothing)",
    "the draft's tag": "[x](/blog/tags/kubernetes/)",
    "the future's year": "[x](/blog/archive/2027/)",
    "a page left out": "[x](secret.md)",
    "a file of the build": "[x](/blog/build.json)",
}
PICTURES = {
    "a picture of this site": '<img src="https://mini.example/blog/assets/logo.svg" alt="Logo">',
    "a picture from afar": '<img src="https://far.example/logo.png" alt="Logo">',
}
"""Markup that ends a preview too, and would do so on a page that a build leaves out."""
LED = {
    "to the draft": "/articles/2026/11/20/d/",
    "to a draft's tag": "/tags/kubernetes/",
    "to a page left out": "/secret/",
    "to an article": "/articles/2026/11/20/a/",
}

Defects = tuple[frozenset[tuple[str, str]], frozenset[str], frozenset[str], frozenset[str]]
DEFECTS = st.tuples(
    st.frozensets(st.tuples(st.sampled_from(sorted(PLACES)), st.sampled_from(sorted(BY_HAND | PICTURES))), max_size=4),
    st.frozensets(st.sampled_from(sorted(LED)), max_size=2),
    st.frozensets(st.sampled_from(["a", "b", "d", "f"]), max_size=2),
    st.frozensets(st.sampled_from(["a", "d", "f"]), max_size=1),
)
"""Links in pages, old addresses, articles that the feeds lose, and articles whose lab is out of date."""


def sources(defects: Defects) -> dict[str, str]:
    links, led, lost, late = defects
    files = {"mkdocs.yml": CONFIG, "docs/assets/logo.svg": DRAWING, "hook.py": f"LOST = {sorted(lost)!r}\n{HOOK}"}
    for place, (name, keys) in PLACES.items():
        texts = BY_HAND | PICTURES if place == "by hand" else BY_HAND if keys is None else IN_ARTICLES
        chosen = [texts[what] for where, what in sorted(links) if where == place and what in texts]
        body = "\n\n".join(["Text.", *chosen, ""])
        files[name] = body if keys is None else article(body, title=f"Title {name.split('/')[2]}", **keys)
    files["docs/redirects.yml"] = "".join(f"/old/{number}/: {LED[each]}\n" for number, each in enumerate(sorted(led)))
    for slug in late:
        files[f"docs/articles/{slug}/lab/test_it.py"] = "def test_it():\n    pass\n"
        files[f"docs/articles/{slug}/lab/record.json"] = RECORD
    return files


RECORD = recorded(
    {"format": 1, "ran": "2026-11-23", "digest": "0", "machine": "x", "versions": {}, "numbers": {}}
    | {"tests": {"test_it": {"file": "test_it.py", "line": 1, "claim": "It holds."}}}
)
Named = frozenset[tuple[str, ...]]
_PROBLEM = re.compile(r"^(\S+?):\d+:\d+ ([A-Z]\d{3}) (“Title \w”)?", re.MULTILINE)


def named(said: str) -> Named:
    """The code and the file of each problem, and the article that it is about, if it says so."""
    return frozenset((found[2], found[1], found[3] or "") for found in _PROBLEM.finditer(said))


def refused(root: Path, *, command: str = "build") -> Named:
    """What a build or a preview refuses."""
    try:
        build_here(root, command=command)
    except BuildError as error:
        return named(str(error))
    return frozenset()


def told(lines: list[str]) -> tuple[Named, Named]:
    """What *lines*, the log of a preview, say that a build would refuse, and what they say that it would not."""
    would, would_not = frozenset[tuple[str, ...]](), frozenset[tuple[str, ...]]()
    for line in lines:
        if "`mkdocs build` would refuse it" in line:
            would |= named(line)
        elif "would not refuse this" in line:
            would_not |= named(line)
    return would, would_not


@given(defects=DEFECTS)
@settings(max_examples=20)
def test_a_preview_names_what_a_build_refuses_and_says_so_of_nothing_else(defects: Defects) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = mini(Path(folder), sources(defects))
        with log() as lines:
            refused_itself = refused(root, command="serve")
        would, would_not = told(lines)
        found = refused(root)
    stages = {code[0] for code, *_ in found}  # a build ends at the first stage that has problems
    assert bool(found) == bool(would | refused_itself)
    assert {each for each in would | refused_itself if each[0][0] in stages} == found
    assert not would_not & found
