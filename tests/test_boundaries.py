"""Tests what the structure promises: which parts know no host, no disk and no clock, and that none keeps state.

Who may import whom is `import-linter`'s to say (``make lint``; the contracts are in ``pyproject.toml``).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "plugins" / "engblog"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
PURE = ("model/", "html/", "source/", "site/", "importing/", "pages/", "outputs/", "contract/")
IMPURE_MODULES = frozenset(
    {"os", "pathlib", "io", "subprocess", "shutil", "socket", "tempfile", "time", "random", "PIL", "mkdocs"}
)
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime",
    "time.strftime", "time.ctime", "time.time_ns",
}  # fmt: skip
MAY_ASK_THE_TIME = {"disk/clock.py", "lab/pytest_plugin.py", "disk/store.py", "disk/digests.py"}
"""The clock itself, the recorder of lab runs, which says on which day a run took place, and what is kept from build to
build, which no time ever gets into: it compares times of files with the present."""


def calls(source: str) -> set[str]:
    """Dotted names that *source* calls, by their last two parts."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.add(".".join(ast.unparse(node.func).split(".")[-2:]))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_only_the_clock_asks_the_time(module: str) -> None:
    asked = calls((PACKAGE / module).read_text()) & CLOCKS
    assert (module in MAY_ASK_THE_TIME) or not asked


def test_the_clocks_are_found_where_they_are() -> None:
    assert calls((PACKAGE / "disk/clock.py").read_text()) & CLOCKS == {"datetime.now"}
    assert calls("import datetime\ndatetime.datetime.now()\n") & CLOCKS


def imports(source: str) -> set[str]:
    """The first parts of the names of modules that *source* imports."""
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    return imported


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith(PURE)])
def test_a_pure_module_touches_no_disk_and_starts_no_process(module: str) -> None:
    assert not imports((PACKAGE / module).read_text()) & IMPURE_MODULES


def test_every_pure_package_is_there_to_be_looked_at() -> None:
    assert all(any(module.startswith(package) for module in MODULES) for package in PURE)
    assert imports((PACKAGE / "disk/docs.py").read_text()) & IMPURE_MODULES


@pytest.mark.parametrize("module", MODULES)
def test_no_module_keeps_state(module: str) -> None:
    """A plugin object survives the rebuilds of a preview; a module would too, and for all sites at once."""
    tree = ast.parse((PACKAGE / module).read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


def public_names(module: str) -> set[str]:
    """Classes and functions that *module* defines for others."""
    body = ast.parse((PACKAGE / module).read_text()).body
    kinds = (ast.ClassDef, ast.FunctionDef)
    return {node.name for node in body if isinstance(node, kinds) and not node.name.startswith("_")}


def test_one_name_means_one_thing() -> None:
    """What has one name in two modules is a member of one family, told apart by the module: a command's `add_commands`,
    Python-Markdown's `makeExtension`."""
    owners: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        for name in public_names(module):
            owners[name].append(module)
    families = {"add_commands", "makeExtension", "main"}
    assert {name: at for name, at in owners.items() if len(at) > 1 and name not in families} == {}


def ruff(module: str, source: str) -> str:
    command = ["ruff", "check", "--output-format", "concise", "--stdin-filename", str(PACKAGE / module), "-"]
    done = subprocess.run(
        [sys.executable, "-m", *command], input=source, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.parametrize("module", ["site/views.py", "disk/docs.py", "markdown/lab.py", "cli/new.py"])
def test_ruff_refuses_the_host_outside_its_adapter(module: str) -> None:
    said = ruff(
        module, '"""Doc."""\n\nimport mkdocs\nfrom mkdocs.plugins import BasePlugin\nimport mkdocs.utils as u\n'
    )
    assert [line for line in (3, 4, 5) if f":{line}:" not in said or "TID251" not in said] == []
    assert said.count("TID251") >= 3


def test_ruff_lets_the_adapter_import_the_host() -> None:
    assert "TID251" not in ruff("hosts/mkdocs/build.py", '"""Doc."""\n\nimport mkdocs\n')


def test_ruff_refuses_the_fork_by_its_own_name_and_the_theme() -> None:
    assert "TID251" in ruff("site/views.py", '"""Doc."""\n\nimport properdocs\n')
    assert "TID251" in ruff("site/views.py", '"""Doc."""\n\nimport material\n')


def test_all_but_the_hosts_is_imported_without_a_host() -> None:
    program = (
        "import sys, pkgutil, importlib, engblog\n"
        "for found in pkgutil.walk_packages(engblog.__path__, 'engblog.'):\n"
        "    if not found.name.startswith('engblog.hosts.') and not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "hosts = {'mkdocs', 'properdocs', 'material'}\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in hosts))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The tests themselves

TESTS = REPOSITORY / "tests"
GUARDED_ELSEWHERE = {
    # The examples of every code are run together.
    "model/explanations/of_files.py": "model/explanations/test_explanation.py",
    "model/explanations/of_front_matter.py": "model/explanations/test_explanation.py",
    "model/explanations/of_labs.py": "model/explanations/test_explanation.py",
    "model/explanations/of_text.py": "model/explanations/test_explanation.py",
    "model/explanations/of_vocabulary.py": "model/explanations/test_explanation.py",
    "model/explanations/of_yaml.py": "model/explanations/test_explanation.py",
    "model/explanations/of_built_sites.py": "contract/test_check.py",
    # What a module of records is good for, those show that make and read them.
    "model/article.py": "source/test_schema.py",
    "model/errors.py": "cli/test_commands.py",
    "model/picture.py": "source/pictures/test_recognize.py",
    "model/publication.py": "outputs/test_build_info.py",
    "model/site.py": "site/test_views.py",
    "outputs/feeds/model.py": "outputs/feeds/test_select.py",
    "outputs/search/model.py": "outputs/search/test_index.py",
    "contract/finding.py": "contract/test_check.py",
    # One site is checked against each promise of the contract, and one mistake is made after the other.
    "contract/cards.py": "contract/test_check.py",
    "html/drawing_names.py": "html/test_drawing.py",
    "html/inline_code.py": "contract/test_check.py",
    "contract/feeds.py": "contract/test_check.py",
    "contract/pages.py": "contract/test_check.py",
    "contract/search.py": "contract/test_check.py",
    "contract/sitemap.py": "contract/test_check.py",
    # The three formats are held to their specifications together, for one site.
    "outputs/feeds/atom.py": "outputs/feeds/test_write.py",
    "outputs/feeds/jsonfeed.py": "outputs/feeds/test_write.py",
    "outputs/feeds/rss.py": "outputs/feeds/test_write.py",
    "outputs/feeds/opml.py": "build/test_feeds.py",
    "outputs/feeds/media.py": "build/test_feeds.py",
    "outputs/feeds/times.py": "source/test_dates.py",
    # What the dialects share, their posts show: those of each, and hundreds of a grammar.
    "importing/boxes.py": "importing/test_hugo.py",
    "importing/citations.py": "importing/test_translate.py",
    "importing/dialect.py": "importing/test_translate.py",
    "importing/extensions.py": "importing/test_mkdocs.py",
    "importing/kramdown.py": "importing/test_jekyll.py",
    "importing/links.py": "importing/test_translate.py",
    "importing/liquid.py": "importing/test_jekyll.py",
    "importing/mdx.py": "importing/test_docusaurus.py",
    "importing/remarks.py": "cli/test_importing.py",
    "importing/shortcodes.py": "importing/test_hugo.py",
    "importing/targets.py": "importing/test_translate.py",
    "importing/templates.py": "importing/test_hugo.py",
    "importing/written.py": "importing/test_hugo.py",
    "disk/remote_pictures.py": "disk/test_importing.py",
    "disk/import_memory.py": "disk/test_importing.py",
    "disk/import_trial.py": "disk/test_importing.py",
    # Thin: each hands what it is given on to the disk, or to a program.
    "cli/check.py": "cli/test_checking.py",
    "cli/asking.py": "cli/test_new.py",
    "cli/fixing.py": "cli/test_checking.py",
    "cli/problems.py": "model/test_problems.py",
    "source/outlines.py": "cli/test_new.py",
    "source/placeholders.py": "cli/test_new.py",
    "cli/deploy.py": "deploy/test_deploys.py",
    "disk/git_environment.py": "publish/test_provenance.py",
    "disk/labs.py": "cli/test_lab.py",
    "disk/search.py": "build/test_search.py",
    "disk/tree.py": "outputs/test_build_info.py",
    "markdown/charts/figure.py": "markdown/test_figures.py",
    # A deployment is tested as one, against a real remote.
    "publish/deploy.py": "deploy/test_deploys.py",
    "publish/answers.py": "deploy/test_answers.py",
    "publish/differences.py": "deploy/test_refusals.py",
    "publish/fetch.py": "deploy/test_odd_places.py",
    "publish/git.py": "deploy/test_odd_places.py",
    "publish/history.py": "deploy/test_history.py",
    "publish/hook.py": "deploy/test_hooks.py",
    "publish/remote.py": "deploy/test_mishaps.py",
    "publish/rollback.py": "deploy/test_rollback.py",
    "publish/target.py": "deploy/test_refusals.py",
    "publish/verify.py": "cli/test_verify.py",
    # Labs and their servers are started for real.
    "lab/events.py": "lab/test_running.py",
    "lab/launchers.py": "lab/test_servers.py",
    "lab/ledger.py": "lab/test_keeper.py",
    "lab/isolated.py": "lab/test_isolation.py",
    "lab/process.py": "lab/test_keeper.py",
    "lab/pytest_plugin.py": "lab/test_record.py",
    "lab/versions.py": "lab/test_running.py",
}
"""Modules without a test of their own, and the file that guards each."""
GUARDED_FOLDERS = {"hosts/": "build/test_hosts.py", "lab/servers/": "lab/test_servers.py"}
"""Adapters: to the host, which is run for real, and to servers, which are started."""


def own_test(module: str) -> str:
    """The path, below ``tests/``, of the test of *module*."""
    folder, _, name = module.rpartition("/")
    return f"{folder}/test_{name}" if folder else f"test_{name}"


def test_the_test_of_a_module_is_where_its_name_says() -> None:
    modules = [each for each in MODULES if not each.endswith(("__init__.py", "__main__.py"))]
    without = [each for each in modules if not (TESTS / own_test(each)).is_file()]
    assert [
        each for each in without if each not in GUARDED_ELSEWHERE and not each.startswith((*GUARDED_FOLDERS,))
    ] == []


def test_nothing_is_excused_that_has_a_test_or_is_gone() -> None:
    assert [each for each in GUARDED_ELSEWHERE if each not in MODULES or (TESTS / own_test(each)).is_file()] == []
    assert [each for each in GUARDED_FOLDERS if not any(module.startswith(each) for module in MODULES)] == []
    guards = {*GUARDED_ELSEWHERE.values(), *GUARDED_FOLDERS.values()}
    assert [each for each in sorted(guards) if not (TESTS / each).is_file()] == []


def test_no_test_of_a_package_is_of_a_module_that_is_gone() -> None:
    """What is no module's stands in a folder that is no package's, or says here what it is of."""
    whole = {"lab/test_imports.py", "lab/test_servers.py"}
    packages = {each.partition("/")[0] for each in MODULES if "/" in each}
    found = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}
    own = {own_test(each) for each in MODULES}
    assert {each for each in found - own - whole if each.partition("/")[0] in packages} == set()


def test_pytest_enters_every_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """By default it leaves out every folder that is called `build`."""
    left_out = pytestconfig.getini("norecursedirs")
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    parts = {part for folder in folders for part in folder.relative_to(REPOSITORY).parts}
    assert [part for part in sorted(parts) if any(fnmatch(part, pattern) for pattern in left_out)] == []
