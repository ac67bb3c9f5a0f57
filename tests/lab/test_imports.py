"""Labs' own modules: a lab's tests import the files beside them, whatever other labs call theirs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.sources import write

TEST = "from store import NAME\n\n\ndef test_it_is_the_labs_own():\n    assert NAME == '{name}'\n"


def test_two_labs_may_have_modules_of_one_name(tmp_path: Path) -> None:
    files = {"pytest.ini": "[pytest]\naddopts = --import-mode=importlib -p engblog.lab.pytest_plugin\n"}
    for name in ("first", "second"):
        files[f"{name}/lab/store.py"] = f"NAME = '{name}'\n"
        files[f"{name}/lab/test_{name}.py"] = TEST.format(name=name)
    write(tmp_path, files)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
