"""Installs servers that ``servers/`` locks: ``python -m engblog.lab.install [NAME|PRODUCT|default|all …]``.

Packages come from the lock, by hash, and their scripts do not run. An installation appears completely or not at all,
and if two processes install at the same time, one waits for the other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engblog.lab.installations import (
    SERVER_PROGRAMS,
    STAMP,
    Locked,
    chosen,
    environment_of,
    printed_version,
    servers_folder,
)
from engblog.lab.process import LabError

_NPM_LOCK = "package-lock.json"
_PIP_LOCK = "requirements.txt"


def install(servers: Sequence[Locked], root: Path) -> None:
    """Install those of *servers* that are missing, or whose lock has changed. Raises :class:`LabError`."""
    target = servers_folder(root)
    target.mkdir(parents=True, exist_ok=True)
    for each in servers:
        with _alone(target):
            digest = _digest(root / "servers" / each.name)
            if _installed_digest(target / each.name) != digest:
                print(f"installing {each.name}", flush=True)
                _install(each, root / "servers" / each.name, target, digest)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(source: Path) -> str:
    locks = [source / name for name in (_NPM_LOCK, _PIP_LOCK) if (source / name).is_file()]
    if len(locks) != 1:
        raise LabError(f"{source} must have one lock, {_NPM_LOCK} or {_PIP_LOCK}")
    return f"sha256:{hashlib.sha256(locks[0].read_bytes()).hexdigest()}"


def _installed_digest(folder: Path) -> str | None:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return str(stamp["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _install(locked: Locked, source: Path, target: Path, digest: str) -> None:
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target) as scratch:
        new = Path(scratch) / locked.name
        new.mkdir()
        if (source / _NPM_LOCK).is_file():
            _npm(source, new)
        else:
            _pip(source, new)
        programs = new / locked.programs
        command = [str(programs / SERVER_PROGRAMS[locked.product]), "--version"]
        version = printed_version(command, environment_of(locked, programs))
        stamp = {"digest": digest, "version": version}
        (new / STAMP).write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
        for folder in (new, *(path for path in new.rglob("*") if path.is_dir())):
            folder.chmod(folder.stat().st_mode | 0o055)  # servers may step down to another account
        old = target / locked.name
        if old.exists():
            old.rename(Path(scratch) / "old")
        new.rename(old)


def _npm(source: Path, new: Path) -> None:
    for name in ("package.json", _NPM_LOCK):
        shutil.copy(source / name, new / name)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], new)
    # The package's own script would do this, because an npm archive cannot contain links.
    for listed in new.glob("node_modules/**/pg-symlinks.json"):
        package = listed.parent.parent
        for link in json.loads(listed.read_text(encoding="utf-8")):
            at, to = package / link["target"], package / link["source"]
            if not (at.resolve().is_relative_to(package.resolve()) and to.resolve().is_relative_to(package.resolve())):
                raise LabError(f"{listed} has a link that leads out of its package: {link}")
            if not at.exists():
                at.symlink_to(Path(*[".."] * (len(at.relative_to(package).parts) - 1), link["source"]))


def _pip(source: Path, new: Path) -> None:
    how = ["--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    lock = source / _PIP_LOCK
    _run([sys.executable, "-m", "pip", "install", *how, "--target", str(new), "--requirement", str(lock)], new)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise LabError(f"{command[0]} is not installed; run: tools/system-packages") from None
    if done.returncode:
        raise LabError(f"{' '.join(command[:4])} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def main(arguments: Sequence[str]) -> int:
    """Install the servers that *arguments* name; without arguments, those that labs use by default."""
    try:
        install(chosen(arguments or ["default"]), Path.cwd())
    except LabError as error:
        print(f"lab-servers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
