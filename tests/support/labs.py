"""Labs of a test's own, run by a pytest of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engblog.source.lab_record import record_sum

from support.sources import write

INI = "[pytest]\naddopts = --import-mode=importlib --strict-markers -p engblog.lab.pytest_plugin\n"


def recorded(record: Mapping[str, Any]) -> str:
    """The text of a *record* as a run would write it."""
    return json.dumps({**record, "sum": record_sum(record)})


def run_labs(root: Path, files: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Write *files* below *root* and run pytest on them with the lab plugin."""
    write(root, {"pytest.ini": INI, **files})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # loading Hypothesis takes as long as the rest
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
