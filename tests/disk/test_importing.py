"""Imports into a docs folder: tried first, repeated without a change, and never over what somebody edited."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from engblog.disk.docs import check_docs
from engblog.disk.import_memory import MEMORY, ImportingError
from engblog.disk.importing import ImportOrder, ImportReport, run_import
from engblog.disk.old_blog import OldBlogError
from engblog.disk.png import encode
from engblog.disk.project import find_project
from engblog.hosts.mkdocs.check import main as host_check
from engblog.importing import old_text
from engblog.importing.dialect import OldPost
from engblog.importing.jekyll import Jekyll
from engblog.importing.old_text import OldText
from engblog.model.problems import Code, Mark, Problem
from engblog.source.commonmark import Blocks
from support.hosts import REPOSITORY, config, mini, snapshot
from support.importing import FRONT
from support.old_posts import blog
from support.sources import write

pytestmark = pytest.mark.usefixtures("epoch")
EXTENSIONS = (REPOSITORY / "mkdocs.yml").read_text().partition("markdown_extensions:\n")[2].partition("exclude_docs")[0]
CONFIG = config("sourced_figures: false").partition("  - attr_list")[0] + EXTENSIONS
TEXT = "Some words that say what the post is about, so that they are long enough to be its description.\n"
POST = f"{FRONT}{TEXT}\n![A chart](chart.png)\n"
PNG = encode(2, 1, bytes([0, 0, 1]), [(255, 255, 255), (0, 0, 0)])
SMALL = {"_config.yml": "url: https://old.example\n", "_posts/2020-01-02-one.md": POST, "_posts/chart.png": PNG}


class Place:
    """An old blog, and a site that it is imported into."""

    def __init__(self, root: Path) -> None:
        self.old = root / "old"
        self.site = mini(root / "site", **{"mkdocs.yml": CONFIG})
        self.docs = self.site / "docs"

    def bring(self, system: str = "jekyll", *, dry_run: bool = False, **wishes: object) -> ImportReport:
        project = find_project(self.site / "mkdocs.yml")
        order = ImportOrder(system, self.old, **wishes)  # type: ignore[arg-type]
        return run_import(project, order, rendered, dry_run=dry_run)

    def states(self, report: ImportReport) -> dict[str, str]:
        return {each.old: each.state for each in report.moved}


def rendered(path: Path) -> Iterator[Problem]:
    """The problems that the host finds, in this process; tests/cli/test_importing.py starts one, as users do."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert host_check(str(path)) == 0
    for name, line, column, code, message, hint in json.loads(said.getvalue()):
        yield Problem(Mark(name, line, column), Code[code], message, hint)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    write(found.old, SMALL)
    return found


@pytest.mark.parametrize("system", ["material", "hugo", "jekyll", "docusaurus", "mkdocs"])
def test_a_site_of_ugly_posts_passes_the_check_or_says_why_not(tmp_path: Path, system: str) -> None:
    """A post with a problem is a draft and is listed; all others are published, without a problem of either look."""
    place = Place(tmp_path)
    files, words = blog(system, 60, 21)
    write(place.old, files)
    report = place.bring(system)
    drafts = {each.old for each in report.moved if each.status == "draft"}
    assert {path for path, _ in report.problems} == drafts
    assert len(report.moved) == len(words)
    assert len(drafts) <= len(words) // 20
    project = find_project(place.site / "mkdocs.yml")
    found = [*check_docs(project.docs, project.settings).problems, *rendered(place.site / "mkdocs.yml")]
    bad = {problem.mark.path.rpartition("articles/")[2].partition("/")[0] for problem in found}
    listed = {Path(each.new).parent.name for each in report.moved if each.old in drafts}
    assert bad <= listed, list(map(str, found))
    before = snapshot(place.site)
    again = place.bring(system)
    assert again.files == 0
    assert set(place.states(again).values()) == {"unchanged"}
    assert snapshot(place.site) == before


def test_an_import_writes_articles_pictures_and_vocabulary(place: Place) -> None:
    report = place.bring()
    assert place.states(report) == {"_posts/2020-01-02-one.md": "new"}
    assert (place.docs / "articles/one/chart.png").read_bytes() == PNG
    text = (place.docs / "articles/one/index.md").read_text()
    assert "aliases: ['/2020/01/02/one.html']" in text
    assert "status: published" in text
    taxonomy = (place.docs / "taxonomy.yml").read_text()
    assert "  - name: Linux\n" in taxonomy
    assert "description: A key-value store." in taxonomy, "what was there stays"
    assert report.problems == []


def test_what_somebody_edited_is_left_alone_and_named(place: Place) -> None:
    place.bring()
    article = place.docs / "articles/one/index.md"
    article.write_text(article.read_text() + "\nMine.\n")
    write(place.old, {"_posts/2020-01-02-one.md": POST + "\nNew in the old blog.\n"})
    report = place.bring()
    assert place.states(report) == {"_posts/2020-01-02-one.md": "edited"}
    assert article.read_text().endswith("Mine.\n")
    assert report.files == 0


def test_what_somebody_deleted_stays_deleted(place: Place) -> None:
    place.bring()
    (place.docs / "articles/one/index.md").unlink()
    (place.docs / "articles/one/chart.png").unlink()
    assert place.states(place.bring()) == {"_posts/2020-01-02-one.md": "deleted"}
    assert not (place.docs / "articles/one/index.md").exists()
    assert not (place.docs / "articles/one/chart.png").exists()


def test_a_change_in_the_old_blog_arrives(place: Place) -> None:
    place.bring()
    write(place.old, {"_posts/2020-01-02-one.md": f"{FRONT}{TEXT}\nNew.\n"})
    assert place.states(place.bring()) == {"_posts/2020-01-02-one.md": "updated"}
    assert "New." in (place.docs / "articles/one/index.md").read_text()
    assert not (place.docs / "articles/one/chart.png").exists(), "nothing shows it any more"


def test_an_article_that_was_there_keeps_its_folder(place: Place) -> None:
    write(place.docs, {"articles/one/index.md": "---\ntitle: Mine\n---\nText.\n"})
    report = place.bring()
    assert report.moved[0].new.endswith("articles/one-2020-01-02/index.md")
    assert "Mine" in (place.docs / "articles/one/index.md").read_text()


def test_a_dry_run_writes_nothing(place: Place) -> None:
    before = snapshot(place.site)
    assert place.bring(dry_run=True).files > 0
    assert snapshot(place.site) == before
    assert sorted(path.name for path in place.site.iterdir() if path.name.startswith(".import")) == []


def test_a_post_that_only_a_person_can_mend_is_a_draft_and_listed(place: Place) -> None:
    two = "---\ntitle: Two\ndate: 2020-01-03\ntags: [Go]\n---\n" + TEXT
    write(place.old, {"_posts/2020-01-03-two.md": two + "[one]({% post_url 2020-01-02-one %})\n"})
    write(place.old, {"_posts/2020-01-02-one.md": POST + "[two]({% post_url 2020-01-03-two %})\n"})
    report = place.bring()
    assert {each.old: each.status for each in report.moved} == {
        "_posts/2020-01-02-one.md": "published",
        "_posts/2020-01-03-two.md": "draft",
    }
    assert {problem.code for _, problem in report.problems} == {Code.F007_COUNT}
    assert report.by_hand == {"_posts/2020-01-02-one.md", "_posts/2020-01-03-two.md"}, "its link led to the draft"
    assert "index.md" not in (place.docs / "articles/one/index.md").read_text()


class Work:
    """Counts what an import does to posts."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        """Texts that CommonMark read."""
        self.translated = 0
        self.rendered: list[int] = []
        """For each time that the host was asked, the number of texts that it rendered."""
        read, translate, mine = old_text.read_blocks, Jekyll.translate, rendered

        def reading(text: str) -> Blocks:
            self.read.append(text)
            return read(text)

        def translating(dialect: Jekyll, post: OldPost, text: OldText) -> None:
            self.translated += 1
            translate(dialect, post, text)

        def rendering(path: Path) -> Iterator[Problem]:
            self.rendered.append(len([*(path.parent / "docs").rglob("*.md")]))
            return mine(path)

        patch.setattr(old_text, "read_blocks", reading)
        patch.setattr(Jekyll, "translate", translating)
        patch.setitem(globals(), "rendered", rendering)


def test_a_draft_among_many_posts_costs_only_itself_and_those_that_link_to_it(place: Place) -> None:
    """The first import and the second one; the site has texts of its own, which are not rendered at all."""
    link = "[{{ post }}]({% post_url 2020-01-02-bad %})\n"
    posts = {f"_posts/2020-01-02-p{number}.md": FRONT + TEXT for number in range(40)}
    posts |= {f"_posts/2020-01-02-near{number}.md": FRONT + TEXT + link for number in range(3)}
    posts["_posts/2020-01-02-bad.md"] = f"---\ntitle: Bad\ndate: 2020-01-03\ntags: [Go]\n---\n{TEXT}"
    write(place.old, posts)
    write(place.docs, {"about.md": "# About\n\nUs.\n", "articles/mine/index.md": "---\ntitle: Mine\n---\nText.\n"})
    every = len(posts) + len(SMALL) - 2
    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            work = Work(patch)
            report = place.bring()
        assert len(report.moved) == every
        assert {path for path, _ in report.problems} == {"_posts/2020-01-02-bad.md"}
        assert work.translated == every
        assert work.rendered == [every, 4]
        assert len(work.read) <= 3 * every, "a text is read again only if it has changed"


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_fetched_picture_stays_when_its_host_is_gone(place: Place, tmp_path: Path) -> None:
    write(tmp_path / "web", {"far.png": PNG, "page.png": "<html>not a picture"})
    with serving(tmp_path / "web") as url:
        text = f"![Far]({url}/far.png)\n\n![Page]({url}/page.png)\n\n![Gone]({url}/gone.png)\n"
        write(place.old, {"_posts/2020-01-02-one.md": FRONT + TEXT + "\n" + text})
        without = place.bring(dry_run=True)
        assert len([each for each in without.left if "--fetch" in each.hint]) == 3
        report = place.bring(fetch=True)
    assert (place.docs / "articles/one/far.png").read_bytes() == PNG
    assert sorted(each.message.split("” ")[-1] for each in report.left) == [
        "cannot be fetched, and is a link now",
        "is not a picture that browsers show",
    ]
    assert place.bring().files == 0, "the picture is known, also without --fetch"


def test_a_vocabulary_that_cannot_be_added_to_is_named_before_anything_is_written(place: Place) -> None:
    write(place.docs, {"taxonomy.yml": "categories: [{name: A}]\ntags: [{name: B}]\n"})
    before = snapshot(place.site)
    with pytest.raises(ImportingError, match="a line for each term"):
        place.bring()
    assert snapshot(place.site) == before


def test_a_folder_without_posts_is_named(place: Place) -> None:
    with pytest.raises(ImportingError, match="no posts for hugo"):
        place.bring("hugo")
    place.old = place.site / "nowhere"
    with pytest.raises(OldBlogError, match="no such folder"):
        place.bring()


def test_a_memory_that_cannot_be_read_is_named(place: Place) -> None:
    (place.site / MEMORY).write_text("{")
    with pytest.raises(ImportingError, match="cannot be read"):
        place.bring()


def test_the_memory_names_no_path_of_this_machine(place: Place) -> None:
    place.bring()
    assert str(place.site.parent) not in (place.site / MEMORY).read_text()
    assert json.loads((place.site / MEMORY).read_text())["posts"] == {"old/_posts/2020-01-02-one.md": "one"}
