"""Staging: a build goes into a folder beside the site and replaces the site only if it succeeds, so a failed build
leaves the last good site."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class Staging:
    """A place for one build of the site at *target*."""

    def __init__(self, target: Path) -> None:
        self.target = target
        target.parent.mkdir(parents=True, exist_ok=True)
        # On the same file system as the target, so that replacing it is a rename.
        self.folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.staging-", dir=target.parent))
        self.folder.chmod(0o755)
        # Also at exit: MkDocs does not say when Ctrl+C ends a build.
        self._cleanup = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def promote(self) -> None:
        """Replace the site with the finished build. Between the two renames, microseconds apart, there is no site."""
        old = self.folder.with_name(self.folder.name.replace(".staging-", ".old-"))
        if self.target.exists():
            self.target.rename(old)
        try:
            self.folder.rename(self.target)
        except OSError:
            if old.exists():
                old.rename(self.target)
            raise
        self._cleanup.detach()
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Remove the unfinished build; the site stays unchanged."""
        self._cleanup()
