"""What of a folder counts as a source, and how it differs from the commit: on real repositories."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from engblog.publish.git import Git
from engblog.publish.sources import Sources, changes_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.repositories import commit, git
from support.sources import write

FILES = {
    "blog/mkdocs.yml": "site_name: Mini\n",
    "blog/docs/index.md": "# Home\n",
    "blog/docs/about.md": "# About\n",
    "blog/theme/main.html": "<!doctype html>\n",
    "shared/base.yml": "site_name: Base\n",
    "shared/theme/partial.html": "<p>\n",
    "shop/main.py": "print()\n",
    "README.md": "Everything.\n",
}


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog in a folder of a larger repository."""
    folder = tmp_path_factory.mktemp("monorepo") / "repository"
    commit(write(folder, FILES))
    return folder


@pytest.fixture
def top(monorepo: Path, tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(monorepo, tmp_path / "repository"))
    git(copy, "update-index", "--refresh")  # of a copy, git knows no file by its time
    return copy


def blog(top: Path, **more: object) -> Sources:
    """The sources of the blog in the larger repository."""
    return Sources(top / "blog", published=(top / "blog/docs", top / "blog/theme"), **more)  # type: ignore[arg-type]


def changes(sources: Sources) -> list[str]:
    with closing(Git(sources.root)) as opened:
        return [str(change) for change in changes_of(opened, sources)]


def test_a_checkout_of_the_commit_has_no_changes(top: Path) -> None:
    assert changes(blog(top)) == []


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"blog/docs/index.md": "# Other\n"}, ["blog/docs/index.md (changed)"]),
        ({"blog/docs/new.md": "# New\n"}, ["blog/docs/new.md (not in git)"]),
        ({"blog/docs/a b/ü\n.md": ""}, ["blog/docs/a b/ü\n.md (not in git)"]),
        ({"blog/notes.txt": ""}, ["blog/notes.txt (not in git)"]),
        ({"shop/main.py": "", "shop/new.py": "", "README.md": "", "new.txt": "", "blog2/docs/a.md": ""}, []),
        ({"shared/base.yml": "", "shared/theme/partial.html": ""}, []),
    ],
)
def test_only_what_a_build_reads_counts(top: Path, files: dict[str, str], found: list[str]) -> None:
    assert changes(blog(top)) == []
    assert changes(blog(write(top, files))) == found


@pytest.mark.parametrize("kind", ["read", "besides", "published"])
def test_what_a_build_reads_elsewhere_counts(top: Path, kind: str) -> None:
    write(top, {"shared/theme/partial.html": "<b>\n", "shared/base.yml": "site_name: Other\n", "shop/new.py": ""})
    given = {"read": (top / "shared/base.yml",), "besides": (top / "shared",), "published": (top / "shared/theme",)}
    expected = {
        "read": ["shared/base.yml (changed)"],
        "besides": ["shared/base.yml (changed)", "shared/theme/partial.html (changed)"],
        "published": ["shared/theme/partial.html (changed)"],
    }
    assert changes(Sources(top / "blog", **{kind: given[kind]})) == expected[kind]  # type: ignore[arg-type]


def test_what_a_build_reads_outside_the_repository_is_in_no_commit(top: Path, tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/hook.py": "", "elsewhere/watched/a": ""})
    hook = tmp_path / "elsewhere/hook.py"
    assert changes(blog(top, read=(hook,), besides=(tmp_path / "elsewhere/watched",))) == [
        f"{hook} (outside the repository)"
    ]


def test_a_link_is_followed_to_where_it_leads(top: Path, tmp_path: Path) -> None:
    (top / "blog/theme/partials").symlink_to("../../shared/theme")
    (top / "blog/theme/broken").symlink_to("nowhere")
    commit(top)
    assert changes(blog(top)) == []
    write(top, {"shared/theme/partial.html": "<b>\n", "shared/base.yml": ""})
    assert changes(blog(top)) == ["shared/theme/partial.html (changed)"]
    write(tmp_path, {"elsewhere/a.html": ""})
    (top / "blog/theme/a.html").symlink_to(tmp_path / "elsewhere/a.html")
    (top / "blog/theme/node_modules").mkdir()
    (top / "blog/theme/node_modules/bin").symlink_to("/bin/sh")
    commit(write(top, {".gitignore": "node_modules/\n", "shared/theme/partial.html": "<b>\n"}))
    assert changes(blog(top)) == [f"{top}/blog/theme/a.html (outside the repository)"]


def test_what_a_build_writes_does_not_count(top: Path) -> None:
    write(top, {"blog/site/index.html": "", "blog/.cache/cards/a.png": ""})
    assert changes(blog(top, written=(top / "blog/site", top / "blog/.cache/cards", top.parent))) == []
    assert len(changes(blog(top))) == 2


# Ignored by git


IGNORED = "*.tmp\n/blog/docs/private/\n/blog/hook.py\n__pycache__/\n"


@pytest.mark.parametrize(
    ("path", "patterns", "counts"),
    [
        ("blog/docs/left.tmp", None, True),
        ("blog/docs/left.tmp", ("*.tmp",), False),
        ("blog/docs/left.tmp", ("*.tmp", "!left.tmp"), True),
        ("blog/docs/private/a.md", None, True),
        ("blog/docs/private/a.md", ("private/",), False),
        ("blog/docs/private/deep/a.md", ("/private/deep/",), False),
        ("blog/docs/__pycache__/a.pyc", None, False),
        ("blog/docs/.hidden.tmp", None, False),
        ("blog/docs/.hidden.tmp", ("other",), True),
        ("blog/theme/left.tmp", ("*.tmp",), True),
        ("blog/left.tmp", None, False),
        ("shop/left.tmp", None, False),
        ("blog/hook.py", None, True),
    ],
)
def test_an_ignored_file_counts_if_a_build_reads_it(
    top: Path, path: str, patterns: tuple[str, ...] | None, counts: bool
) -> None:
    commit(write(top, {".gitignore": IGNORED}))
    write(top, {path: "x"})
    left_out = {} if patterns is None else {top / "blog/docs": patterns}
    found = changes(blog(top, unpublished=left_out, read=(top / "blog/hook.py",)))
    by = "read" if path.endswith("hook.py") else "published"
    shown = "blog/docs/private/" if "private" in path else path
    assert found == ([f"{shown} (ignored by git, and {by} by a build)"] if counts else [])


def test_the_patterns_of_the_innermost_folder_count(top: Path) -> None:
    commit(write(top, {".gitignore": "*.tmp\n"}))
    write(top, {"blog/docs/a.tmp": "", "blog/docs/articles/a.tmp": "", "blog/docs/articles/.b.tmp": ""})
    docs = top / "blog/docs"
    sources = Sources(top / "blog", published=(docs, docs / "articles"), unpublished={docs: ("*.tmp",)})
    assert changes(sources) == ["blog/docs/articles/a.tmp (ignored by git, and published by a build)"]


# Folders that are not the whole commit, or that git was told not to look at


def test_what_a_sparse_checkout_leaves_out_is_not_deleted(top: Path) -> None:
    git(top, "sparse-checkout", "set", "--cone", "blog/docs", "blog/theme")
    assert not (top / "shop").exists()
    assert changes(blog(top)) == []
    assert changes(Sources(top, published=(top / "blog/docs",))) == []
    write(top, {"blog/docs/index.md": "# Edited\n"})
    assert changes(blog(top)) == ["blog/docs/index.md (changed)"]


def test_what_a_sparse_checkout_leaves_out_of_the_build_is_missing_and_not_deleted(top: Path) -> None:
    git(top, "sparse-checkout", "set", "--no-cone", "/*", "!/blog/docs/about.md", "!/shared/")
    assert changes(blog(top)) == ["blog/docs/about.md (left out by a sparse checkout)"]
    assert changes(blog(top, read=(top / "shared/base.yml",))) == [
        "blog/docs/about.md (left out by a sparse checkout)",
        "shared/base.yml (left out by a sparse checkout)",
    ]
    git(top, "sparse-checkout", "disable")
    assert changes(blog(top)) == []


@pytest.mark.parametrize("index", ["index.sparse", "core.splitIndex", "core.untrackedCache", "feature.manyFiles"])
def test_the_form_of_the_real_index_makes_no_difference(top: Path, index: str) -> None:
    git(top, "config", index, "true")
    git(top, "sparse-checkout", "set", "--cone", "blog/docs", "blog/theme")
    assert not (top / "shop").exists()
    before = set((top / ".git").rglob("*"))
    assert changes(Sources(top, published=(top / "blog/docs",))) == []
    assert set((top / ".git").rglob("*")) == before


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_flag_hides_no_edit(top: Path, flag: str) -> None:
    git(top, "update-index", flag, "blog/docs/index.md", "blog/docs/about.md")
    assert changes(blog(top)) == []
    write(top, {"blog/docs/index.md": "# Secret\n"})
    assert changes(blog(top)) == ["blog/docs/index.md (changed)"]
    (top / "blog/docs/index.md").unlink()
    how = "deleted" if flag == "--assume-unchanged" else "left out by a sparse checkout"
    assert changes(blog(top)) == [f"blog/docs/index.md ({how})"]


def test_a_staged_edit_counts_even_if_the_folder_is_as_it_was(top: Path) -> None:
    """Only the folder is built: what is staged is not in it."""
    git(write(top, {"blog/docs/index.md": "# Staged\n"}), "add", "--all")
    assert changes(blog(top)) == ["blog/docs/index.md (changed)"]
    write(top, {"blog/docs/index.md": FILES["blog/docs/index.md"]})
    assert changes(blog(top)) == []


# Line ends, modes, and other differences that no build sees


def test_a_mode_is_no_change(top: Path) -> None:
    git(top, "config", "core.fileMode", "true")
    (top / "blog/docs/index.md").chmod(0o755)
    assert changes(blog(top)) == []


@pytest.mark.parametrize("setting", ["true", "input"])
@pytest.mark.parametrize("attributes", ["", "* text=auto\n", "*.md text\n", "*.md text eol=crlf\n"])
@pytest.mark.parametrize("committed", ["\n", "\r\n"])
def test_line_ends_that_git_itself_converts_are_no_change(
    tmp_path: Path, setting: str, attributes: str, committed: str
) -> None:
    text = f"one{committed}two{committed}".encode()
    commit(write(tmp_path / "one", {"docs/index.md": text}))
    git(write(tmp_path / "one", {".gitattributes": attributes}), "add", ".gitattributes")  # the text stays as it is
    git(tmp_path / "one", "commit", "--quiet", "--message", "Attributes")
    git(tmp_path, "clone", "--quiet", "--config", f"core.autocrlf={setting}", str(tmp_path / "one"), "two")
    clone = tmp_path / "two"
    sources = Sources(clone, published=(clone / "docs",))
    assert changes(sources) == []
    (clone / "docs/index.md").touch()
    assert changes(sources) == []
    (clone / "docs/index.md").write_bytes(b"one\r\nother\r\n")
    assert changes(sources) == ["docs/index.md (changed)"]


def test_a_file_in_the_place_of_a_link_is_a_change(top: Path) -> None:
    (top / "blog/docs/link.md").symlink_to("index.md")
    commit(top)
    (top / "blog/docs/link.md").unlink()
    (top / "blog/docs/link.md").write_text("index.md")
    assert changes(blog(top)) == ["blog/docs/link.md (changed)"]


# Submodules


@pytest.fixture
def module(top: Path, tmp_path: Path) -> Path:
    """A submodule in the docs folder."""
    commit(write(tmp_path / "theirs", {"page.md": "# Theirs\n"}))
    git(
        top, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "theirs"),
        "blog/docs/theirs",
    )  # fmt: skip
    commit(top)
    return top / "blog/docs/theirs"


@pytest.mark.parametrize("how", ["edit", "add", "commit"])
def test_changes_in_a_submodule_count(top: Path, module: Path, how: str) -> None:
    git(top, "config", "submodule.blog/docs/theirs.ignore", "all")
    assert changes(blog(top)) == []
    write(module, {"page.md" if how == "edit" else "new.md": "# Changed\n"})
    if how == "commit":
        commit(module)
    assert changes(blog(top)) == ["blog/docs/theirs (changed)"]
    assert changes(Sources(top / "shop")) == []


def test_a_submodule_that_is_not_checked_out_is_missing(top: Path, module: Path) -> None:
    git(top, "submodule", "--quiet", "deinit", "--force", str(module))
    assert changes(blog(top)) == ["blog/docs/theirs (a submodule that is not checked out)"]
    module.rmdir()
    assert changes(blog(top)) == ["blog/docs/theirs (a submodule that is not checked out)"]
    assert changes(Sources(top / "shop")) == []


# Whatever is done to the folder

PATHS = ("blog/mkdocs.yml", "blog/docs/index.md", "blog/docs/new.md", "blog/theme/main.html", "blog/a", "shop/main.py")
TEXTS = (None, "one\n", "other\n")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    committed=st.fixed_dictionaries({path: st.sampled_from(TEXTS) for path in PATHS}),
    staged=st.fixed_dictionaries({path: st.sampled_from(TEXTS) for path in PATHS}),
    found=st.fixed_dictionaries({path: st.sampled_from(TEXTS) for path in PATHS}),
    flagged=st.sets(st.sampled_from(PATHS)),
)
def test_a_change_is_named_exactly_if_the_folder_differs_from_the_commit(
    tmp_path_factory: pytest.TempPathFactory,
    committed: dict[str, str | None],
    staged: dict[str, str | None],
    found: dict[str, str | None],
    flagged: set[str],
) -> None:
    top = tmp_path_factory.mktemp("any") / "repository"
    lay(top, committed | {"README.md": "x", "blog/b": "x"})
    commit(top)
    lay(top, staged)
    git(top, "add", "--all")
    known = [path for path in flagged if staged[path] is not None]
    if known:
        git(top, "update-index", "--assume-unchanged", *known)
    lay(top, found)
    differ = {path for path in PATHS if committed[path] != found[path] and path.startswith("blog/")}
    assert {change.partition(" ")[0] for change in changes(blog(top))} == differ


def lay(top: Path, files: dict[str, str | None]) -> None:
    """Make *files* those that are there; None for one that is not."""
    write(top, {path: text for path, text in files.items() if text is not None})
    for path in (path for path, text in files.items() if text is None):
        (top / path).unlink(missing_ok=True)
