"""One build in a fresh process: its processor time, wall time, peak memory, and what it made."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.articles import NEWEST
from benchmarks.sites import REPOSITORY, sizes_of

PACKAGES = (
    "mkdocs", "mkdocs-material", "mkdocs-blog-plugin", "mkdocs-rss-plugin", "Markdown", "pymdown-extensions",
    "Pygments", "Jinja2",
)  # fmt: skip


class BuildError(Exception):
    """A build did not end well; the message holds what it printed."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one build took."""

    cpu: float
    """Seconds of processor time, user and system, of the process and all that it waited for."""
    wall: float
    memory: float
    """Largest resident set of any one process of the build, MiB."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one build made."""

    pages: int
    html_bytes: int
    search_index_bytes: int
    feed_items: int
    renders_least: int
    """How often the Markdown of the article that was rendered least often was rendered, and below, most often."""
    renders_most: int


def build(config: Path, variant: str, articles: int) -> tuple[Run, Output]:
    """Build the site of *config* cold. Raises :class:`BuildError`, also when an article's page is not there."""
    folder = config.parent
    for left in ("site", ".cache"):
        shutil.rmtree(folder / left, ignore_errors=True)
    counts_file, log_file = folder / "renders.json", folder / "build.log"
    command = [sys.executable, "-m", "benchmarks.counted", str(counts_file), "build", "--quiet", "-f", config.name]
    with log_file.open("wb") as log:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)  # with it the usage of the children that the build waited for
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log_file.read_text(encoding="utf-8", errors="replace").strip()
    if process.returncode != 0 or said:  # --quiet leaves warnings and errors, and there is nothing to warn of
        raise BuildError(f"{variant}, {articles} articles, exit status {process.returncode}:\n{said}")
    sizes = sizes_of(folder / "site", variant)
    if sizes.pop("articles") != articles:
        raise BuildError(f"{variant}: not every one of {articles} articles has a page")
    renders = json.loads(counts_file.read_text(encoding="utf-8"))
    if len(renders) != articles:
        raise BuildError(f"{variant}: {len(renders)} of {articles} articles were rendered")
    run = Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)
    return run, Output(**sizes, renders_least=min(renders.values()), renders_most=max(renders.values()))


def machine() -> Mapping[str, str | int]:
    """Where the figures are from."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load_at_start": f"{os.getloadavg()[0]:.1f}",
    }


def versions() -> Mapping[str, str]:
    """What was measured."""
    return {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def _environment() -> dict[str, str]:
    # All articles are published on the day after the newest; the two notices are about MkDocs' future (docs/stack.md).
    now = datetime(NEWEST.year, NEWEST.month, NEWEST.day + 1, tzinfo=UTC)
    return os.environ | {
        "SOURCE_DATE_EPOCH": str(int(now.timestamp())),
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "plugins")]),
        "PYTHONHASHSEED": "0",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
