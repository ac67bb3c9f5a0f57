"""A disk that keeps what was synced, and forgets the rest when its power fails."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path

from engblog.lab.process import find_program
from journal import Step, read_journal

SHIM = Path(__file__).with_name("forget.c")


def compile_shim(folder: Path) -> Path:
    """Compile forget.c to a library in *folder* that every account can load."""
    folder.chmod(0o755)
    library = folder / "forget.so"
    compiler = find_program("cc", package="build-essential")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, SHIM], check=True)
    return library


def nothing(path: str) -> bool:
    """The kernel wrote nothing back before the crash, as it may."""
    return False


def everything(path: str) -> bool:
    """The kernel kept everything, as it does when a process is killed."""
    return True


@dataclass(slots=True)
class File:
    """One file: what it held at first, what was synced since, and what was only written."""

    start: Path | None = None
    folder: bool = False
    synced: list[Step] = field(default_factory=list)
    written: list[Step] = field(default_factory=list)

    def content(self, *, with_written: bool) -> bytes:
        """The bytes on the disk; *with_written*: the kernel had written back what nobody synced."""
        data = bytearray(self.start.read_bytes() if self.start else b"")
        for step in [*self.synced, *(self.written if with_written else [])]:
            if step.kind == "T":
                del data[step.offset :]
            end = step.offset + len(step.data)
            data.extend(bytes(max(0, end - len(data))))
            data[step.offset : end] = step.data
        return bytes(data)


class Disk:
    """The disk below *root*: whatever is there when it is made is safe."""

    def __init__(self, root: Path, beside: Path, library: Path) -> None:
        """Keep a copy of *root* and the journal in *beside*; *library* is the compiled shim."""
        beside.chmod(0o777)  # the server's account writes there
        self.root = root.resolve()
        self._library = library
        self._journal = beside / "journal"
        self._fail = beside / "fail"
        self._base = beside / "base"
        subprocess.run(["cp", "-a", root, self._base], check=True)
        self._inodes: dict[int, str] = {}
        self._journal.touch()
        self._journal.chmod(0o666)
        self._owner = root.stat()
        self.reset()

    def reset(self) -> None:
        """Begin again with what was there at first."""
        self._journal.write_bytes(b"")
        self._restore()
        self._inodes = {path.stat().st_ino: str(path.relative_to(self.root)) for path in self.root.rglob("*")}

    def _restore(self) -> None:
        """Put back what has changed since the beginning."""
        for path in sorted(self.root.rglob("*"), reverse=True):
            if not (self._base / path.relative_to(self.root)).exists():
                path.rmdir() if path.is_dir() else path.unlink()
        for path in sorted(self._base.rglob("*")):
            place = self.root / path.relative_to(self._base)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            elif not place.exists() or _stamp(place) != _stamp(path):
                place.unlink(missing_ok=True)
                shutil.copy2(path, place)
            else:
                continue
            shutil.chown(place, self._owner.st_uid, self._owner.st_gid)

    def environment(self, *, delay_ms: float = 0) -> dict[str, str]:
        """The environment of a program that shall use this disk, whose syncs take *delay_ms*."""
        return {
            "LD_PRELOAD": str(self._library),
            "FORGET_ROOT": str(self.root),
            "FORGET_JOURNAL": str(self._journal),
            "FORGET_FAIL": str(self._fail),
            **({"FORGET_DELAY": str(int(1000 * delay_ms))} if delay_ms else {}),
        }

    def steps(self) -> list[Step]:
        """Everything that was done so far."""
        return read_journal(self._journal)

    def inodes(self, part: str) -> set[int]:
        """The files that were there at first and whose path contains *part*."""
        return {number for number, path in self._inodes.items() if part in path}

    @staticmethod
    def now() -> float:
        """The time, by the clock of the records."""
        return time.monotonic()

    def syncs(self, part: str = "", *, since: float = 0, kinds: str = "S") -> list[Step]:
        """The syncs of files whose path contains *part*."""
        return [s for s in self.steps() if s.kind in kinds and part in s.paths[0] and s.time >= since]

    def fail_next_sync(self, end: str) -> None:
        """Let the next sync of a path that ends in *end* fail."""
        self._fail.write_text(end, encoding="utf-8")

    @property
    def has_failed(self) -> bool:
        """True once the sync that was to fail has failed."""
        return not self._fail.exists()

    def crash(
        self,
        *,
        before: Step | None = None,
        written_back: Callable[[str], bool] = nothing,
        names: Callable[[str], bool] | None = None,
    ) -> None:
        """Leave in the root what the disk would hold after a power failure, which is now or *before* a step.

        The kernel may have written back any file before the crash: *written_back* says which, by path, and *names*
        which entries of folders, if these differ.
        """
        steps = self.steps()
        if before:
            steps = steps[: next(i for i, step in enumerate(steps) if step.time >= before.time)]
        state = _Replay(str(self.root), self._base, self._inodes, steps)
        left = state.after(names or written_back)
        self._restore()
        for path in set(state.first) - set(left):
            (self.root / path).unlink(missing_ok=True)
        for path, file in sorted(left.items()):
            place = self.root / path
            if file is state.first.get(path) and not file.synced and not (file.written and written_back(path)):
                continue  # as it was at first
            if not place.parent.is_dir():
                continue  # its folder is not on the disk
            if file.folder:
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(file.content(with_written=written_back(path)))
                place.chmod(0o600)
            shutil.chown(place, self._owner.st_uid, self._owner.st_gid)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


class _Replay:
    """The journal, played from its beginning."""

    def __init__(self, root: str, base: Path, inodes: dict[int, str], steps: Sequence[Step]) -> None:
        self._root = root
        self._files = {n: File(base / path, folder=(base / path).is_dir()) for n, path in inodes.items()}
        self._now = {inodes[n]: file for n, file in self._files.items()}
        self.first = {path: file for path, file in self._now.items() if not file.folder}
        self._kept = dict(self.first)
        self._unsynced: list[tuple[str, File | None]] = []
        for step in steps:
            self._play(step)

    # --8<-- [start:replay]
    def _play(self, step: Step) -> None:
        match step.kind:
            case "W" | "T" | "A":
                self._file(step.file).written.append(step)
            case "S":
                file = self._file(step.file)
                file.synced += file.written
                file.written = []
            case "F":
                self._file(step.file).written = []  # the kernel calls the pages clean, and keeps no other note
            case "Y":
                folder = self._inside(step.paths[0])
                safe = [name for name in self._unsynced if _folder(name[0]) == folder]
                self._unsynced = [name for name in self._unsynced if _folder(name[0]) != folder]
                _apply(safe, self._kept)
            case _:
                names = self._names(step)
                self._unsynced += names
                _apply(names, self._now)

    # --8<-- [end:replay]

    def _names(self, step: Step) -> list[tuple[str, File | None]]:
        first, *other = map(self._inside, step.paths)
        if step.kind == "R":
            return [(other[0], self._now.get(first)), (first, None)]
        if step.kind == "L":
            return [(other[0], self._now.get(first))]
        if step.kind == "U":
            return [(first, None)]
        file = File(folder=step.kind == "M")
        if step.file:
            self._files[step.file] = file
        return [(first, file)]

    def after(self, written_back: Callable[[str], bool]) -> dict[str, File]:
        """What each name leads to on the disk."""
        kept = dict(self._kept)
        _apply([name for name in self._unsynced if written_back(name[0])], kept)
        return kept

    def _file(self, inode: int) -> File:
        return self._files.setdefault(inode, File())

    def _inside(self, path: str) -> str:
        return normpath(path).removeprefix(self._root).lstrip("/")


def _apply(names: Sequence[tuple[str, File | None]], to: dict[str, File]) -> None:
    for path, file in names:
        if file is None:
            to.pop(path, None)
        else:
            to[path] = file


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
