"""The sites that the browser looks at, built by the real ``mkdocs build --strict`` and served as GitHub Pages does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [folder for folder in (str(ROOT), str(ROOT / "tests")) if folder not in sys.path]

from browser.stress import NOW, write_stress_site  # noqa: E402  (the path is set above)
from browser.visits import Visitor  # noqa: E402
from tools.pages import BuiltSite, PagesServer  # noqa: E402

QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
ROOT_URL = "https://example.org/"
PROJECT_URL = "https://org.github.io/blog/"


class Sites(Mapping[str, BuiltSite]):
    """The sites by name. One that could not be built fails the tests that ask for it, and no others."""

    def __init__(self, sites: Mapping[str, BuiltSite], said: Mapping[str, str]) -> None:
        """*said* is what the builds that failed wrote."""
        self._sites = sites
        self._said = said

    def __getitem__(self, name: str) -> BuiltSite:
        """The site called *name*."""
        if name in self._said:
            pytest.fail(f"the build of the site “{name}” failed:\n{self._said[name]}", pytrace=False)
        return self._sites[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sites)

    def __len__(self) -> int:
        return len(self._sites)


class Servers(Mapping[str, PagesServer]):
    """A server for each site, started when it is first asked for."""

    def __init__(self, sites: Sites, stack: ExitStack) -> None:
        """*stack* ends them."""
        self._sites = sites
        self._stack = stack
        self._started: dict[str, PagesServer] = {}

    def __getitem__(self, name: str) -> PagesServer:
        """The server of the site called *name*."""
        if name not in self._started:
            self._started[name] = self._stack.enter_context(PagesServer(self._sites[name]))
        return self._started[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sites)

    def __len__(self) -> int:
        return len(self._sites)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """The real site under its sub-path; and the stress site, at the root of its host and under a sub-path.

    They are built once for all processes that share the tests.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all processes have in common
    folder /= "sites"
    folder.mkdir(exist_ok=True)
    said = folder / "said.json"
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not said.exists():
            said.write_text(json.dumps(_build_all(folder)), encoding="utf-8")
    urls, failed = json.loads(said.read_text(encoding="utf-8"))
    return Sites({name: BuiltSite(folder / name, url) for name, url in urls.items()}, failed)


def _build_all(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Build each site into *folder*: the addresses by name, and what the builds that failed wrote."""
    configs = {
        "stress": write_stress_site(folder / "stress-source", site_url=ROOT_URL),
        "stress under a path": write_stress_site(folder / "stress-path-source", site_url=PROJECT_URL),
        "real": ROOT / "mkdocs.yml",
    }
    urls = {
        "stress": ROOT_URL,
        "stress under a path": PROJECT_URL,
        "real": yaml.safe_load(configs["real"].read_text(encoding="utf-8"))["site_url"],
    }
    started = {
        name: _start(config, folder / name, {"SOURCE_DATE_EPOCH": NOW} if "stress" in name else {})
        for name, config in configs.items()
    }
    said = {name: process.communicate()[0] for name, process in started.items()}
    return urls, {name: text for name, text in said.items() if started[name].returncode}


def _start(config: Path, target: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(target)]
    return subprocess.Popen(
        command,
        cwd=config.parent,
        env=os.environ | QUIET | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture(scope="package")
def servers(built: Sites) -> Iterator[Servers]:
    """A server for each site."""
    with ExitStack() as stack:
        yield Servers(built, stack)


@pytest.fixture(scope="package")
def stress(servers: Servers) -> PagesServer:
    """The stress site, served at the root of its host."""
    return servers["stress"]


@pytest.fixture(scope="package")
def real(servers: Servers) -> PagesServer:
    """The real site, served under its sub-path."""
    return servers["real"]


@pytest.fixture(scope="package")
def visitor() -> Iterator[Visitor]:
    """One browser for all tests here. It ends with them: its event loop would be in the way of others."""
    with sync_playwright() as playwright:
        visitor = Visitor(playwright)
        yield visitor
        visitor.close()
