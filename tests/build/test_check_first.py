"""What a strict build refuses, the check refuses first; what the check lets through, a strict build publishes.

Small sites are put together at random from references that are right or wrong in one way each.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from engblog.disk.docs import check_docs
from engblog.disk.project import find_project
from support.hosts import BuildError, build_here, clock, config, mini
from support.pictures import PNG, pictures
from support.sources import DRAWING, article

SITES = 30
STRICT = config(
    before="validation: {links: {absolute_links: warn, unrecognized_links: warn, not_found: warn, anchors: warn}}\n"
)
NO_INDEX = '<!doctype html><meta name="robots" content="noindex"><title>Demo</title>'
BESIDE: dict[str, str | bytes] = {
    "rows.txt": "x", "a file.txt": "x", "demo.html": NO_INDEX, "pic.png": PNG, "drain.svg": DRAWING,
    "lab/server.go": "x",
}  # fmt: skip
OF_ARTICLES = [
    "[x](rows.txt)", "[x](<a file.txt>)", "[x](demo.html)", "![x](pic.png)", "![x](drain.svg)", "[x](lab/server.go)",
    "<img src='pic.png' alt='x'>", "<a href='rows.txt'>x</a>", "[x](../b/index.md)", "![x](../b/pic.png)",
    "[x](../../about.md)", "[x](../../.well-known/security.txt)", "![x](../../assets/logo.png)", "[x](#)", "[x](?q)",
    "[x][r]\n\n[r]: rows.txt",
]  # fmt: skip
OF_PAGES = [
    "[x](articles/b/index.md)", "[x](tags/index.md)", "[x](archive/2026/index.md)", "![x](assets/logo.png)",
    "[x](guide/deep.md)", "<a href='../tags/'>x</a>", "[x](CNAME)", "[x](feeds/index.md)", "![x](articles/b/pic.png)",
]  # fmt: skip
WRONG_IN_ARTICLES = [
    "[x](gone.txt)", "[x](../draft/index.md)", "[x](../next/index.md#part)", "![x](../draft/pic.png)", "[x](notes.md)",
    "[x](../b/)", "[x](/about/)", "[x](../../taxonomy.yml)", "![x](gone.png)", "<img src='gone.png' alt='x'>",
    "<a href='../b/index.md'>x</a>", "<a href='../b/'>x</a>", "![x](fake.jpg)", "![x](empty.png)", "[x](open.html)",
    "[x](wild.css)", "[x](lab/index.md)", "[x](lab)",
]  # fmt: skip
WRONG_IN_PAGES = [
    "[x](gone.md)", "[x](articles/draft/index.md)", "[x](tags/)", "[x](/blog/tags/)", "<a href='tags/'>x</a>",
    "![x](gone.png)", "<img src='gone.png' alt='x'>", "[x](articles/b/)", "![x](https://far.example/x.png)",
    "<p onclick='go()'>x</p>", '--8<-- "gone.txt"', "[x](authors.yml)",
]  # fmt: skip
FAULTY: dict[str, str | bytes] = {
    "notes.md": "x", "fake.jpg": PNG, "empty.png": b"", "open.html": "<p>x",
    "wild.css": "a { background: url(gone.png) }",
}  # fmt: skip
AROUND: dict[str, str | bytes] = {
    "docs/articles/b/index.md": article(date="2026-11-19"),
    "docs/articles/draft/index.md": article("![x](pic.png)\n", status="draft"),
    "docs/articles/draft/pic.png": PNG,
    "docs/articles/next/index.md": article(date="2027-01-01"),
    "docs/.well-known/security.txt": "Contact: mailto:a@example.org\n",
    "docs/assets/logo.png": pictures()["plain.png"],
    "docs/guide/deep.md": "# Deep\n\n[About](../about.md)\n",
    "mkdocs.yml": STRICT,
}


def some_site(random: Random) -> dict[str, str | bytes]:
    """A site in which everything is right, or at most two references are wrong."""
    text, page = random.sample(OF_ARTICLES, 3), random.sample(OF_PAGES, 3)
    for _ in range(random.choice([0, 0, 1, 2])):
        wrong, into = random.choice([(WRONG_IN_ARTICLES, text), (WRONG_IN_PAGES, page)])
        into.append(random.choice(wrong))
    body, about = "\n\n".join(text), "\n\n".join(page)
    used = {f"docs/articles/a/{name}": data for name, data in {**BESIDE, **FAULTY}.items() if name in body}
    files = {
        **AROUND,
        **used,
        "docs/articles/a/index.md": article(f"{body}\n"),
        "docs/about.md": f"# About\n\n{about}\n\n[Deep](guide/deep.md)\n",
    }
    if "/b/pic.png" in body + about:
        files["docs/articles/b/pic.png"] = PNG
    if "CNAME" in about:
        files["docs/CNAME"] = "mini.example\n"
    if random.random() < 0.1:
        files["docs/articles/a/secret.pem"] = "x"
    return files


def test_the_check_and_a_strict_build_agree(tmp_path: Path) -> None:
    random, outcomes, differing = Random(3), [], []
    for number in range(SITES):
        root = mini(tmp_path / str(number), some_site(random))
        project = find_project(root / "mkdocs.yml")
        with clock():
            problems = check_docs(project.docs, project.settings).problems
        said = ""
        try:
            build_here(root, strict=True)
        except BuildError as error:
            said = str(error)
        outcomes.append(not said)
        if bool(problems) != bool(said):
            differing.append([*map(str, problems), said])
    assert differing == []
    assert min(outcomes.count(True), outcomes.count(False)) >= SITES // 5, "both are tried"
