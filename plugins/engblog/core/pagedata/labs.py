"""What an article and the page of its lab say of the lab."""

from __future__ import annotations

from engblog.core.model import Article, Lab
from engblog.core.pagedata.parts import Data, crumb, day_data, link, view_data
from engblog.core.text import slugify


def test_anchor(name: str) -> str:
    """The id of a test on its lab's page."""
    return name.replace("_", "-")


def file_anchor(name: str) -> str:
    """The id of a file on its lab's page; of a line with ``-<number>`` added."""
    return f"file-{slugify(name)}"


def lab_summary(lab: Lab, url: str | None) -> Data:
    """What the verified line of an article says; *url* is the article's, None where its lab has no page."""
    return {
        "url": f"{url}lab/" if url is not None else None,
        "ran": day_data(lab.ran),
        "machine": lab.machine,
        "versions": [{"product": product, "version": version} for product, version in lab.versions],
        "tests": len(lab.tests),
        "in_step": lab.in_step,
    }


def lab_page(article: Article, lab: Lab) -> Data:
    """The dict of the page that shows the *lab* of *article*."""
    crumbs = [crumb("Home", ""), crumb(article.title, article.url)]
    data = lab_summary(lab, article.url) | {
        "tests": [
            {
                "name": test.name,
                "title": test.name.removeprefix("test_").replace("_", " ").capitalize(),
                "claim": test.claim,
                "file": test.file,
                "line": test.line,
                "anchor": test_anchor(test.name),
                "line_anchor": f"{file_anchor(test.file)}-{test.line}",
            }
            for test in lab.tests
        ],
        "numbers": [{"key": number.key, "text": number.text, "note": number.note} for number in lab.numbers],
        "files": [{"name": name, "anchor": file_anchor(name)} for name in lab.files],
    }
    view = view_data("lab", f"The lab of “{article.title}”", crumbs, article.category.accent)
    return view | {"article": link(article), "lab": data}
