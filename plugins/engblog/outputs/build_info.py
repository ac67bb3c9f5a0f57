"""``/build.json``: the sources and tools of a build, and one digest of all its files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from engblog.model.publication import Publication, Tree, Written

BUILD_INFO = "build.json"
"""Its path from the site's root."""
UNCOUNTED = frozenset({BUILD_INFO, "CNAME", ".nojekyll"})
"""Files that the digest leaves out: itself, and those that belong to the host and not to the build."""
_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_COMMIT_LENGTHS = frozenset({40, 64})  # SHA-1 and SHA-256


class BuildInfoError(ValueError):
    """A text that is not a ``build.json``; the message says why."""


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """The content of ``build.json``, in this order."""

    commit: str | None
    clean: bool | None
    epoch: int
    """The moment that decided what is published: seconds since 1970, as ``SOURCE_DATE_EPOCH`` takes them."""
    lock: str | None
    tools: Mapping[str, str]
    articles: int
    pages: int
    """The number of HTML documents."""
    files: int
    """The number of files, with pages and without :data:`UNCOUNTED`."""
    digest: str
    """:func:`digest_of` those files."""


def write_build_info(publication: Publication, tree: Tree) -> Written:
    """``build.json`` for *publication*, whose files are all in *tree*; nothing for a preview.

    A preview goes without because reading thousands of files for a digest would delay every rebuild.
    """
    if (made := publication.provenance) is None:
        return
    paths = [path for path in tree.paths if path not in UNCOUNTED]
    info = BuildInfo(
        commit=made.commit,
        clean=made.clean,
        epoch=int(publication.site.now.timestamp()),
        lock=made.lock,
        tools=dict(sorted(made.tools.items())),
        articles=len(publication.site.articles),
        pages=sum(path.endswith(".html") for path in paths),
        files=len(paths),
        digest=digest_of((path, tree.digest(path)) for path in paths),
    )
    yield BUILD_INFO, f"{json.dumps(asdict(info), indent=2, ensure_ascii=False)}\n".encode()


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 for *files*, each a path from the site's root and the SHA-256 of its bytes.

    It is taken over the output of ``sha256sum`` for them, in order of bytes, so anybody can reproduce it::

        find . -type f | sed 's|^\\./||' | grep -vxE 'build\\.json|CNAME|\\.nojekyll' |
          tr '\\n' '\\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum
    """
    lines = sorted(f"{digest}  {path}\n".encode("utf-8", "surrogateescape") for path, digest in files)
    return sha256(b"".join(lines)).hexdigest()


def read_build_info(data: bytes) -> BuildInfo:
    """Read *data*, the bytes of a ``build.json``. Unknown keys are ignored.

    Raises :class:`BuildInfoError`. The file may come from anywhere, so the types of all values are checked, and
    ``commit`` is checked to be hexadecimal.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        looks = "an HTML page" if data.lstrip()[:1] == b"<" else "not JSON"
        raise BuildInfoError(f"it is {looks}") from None
    if not isinstance(found, dict):
        raise BuildInfoError("it is JSON, but not an object")
    wrong = [name for name, is_right in _CHECKS.items() if not is_right(found.get(name))]
    if wrong:
        raise BuildInfoError(f"{', '.join(wrong)}: missing, or not as the build writes it")
    return BuildInfo(**{name: found[name] for name in _CHECKS})


def other_tools(there: BuildInfo, here: BuildInfo) -> Iterator[str]:
    """List the differences between the tools of the builds *there* and *here*, which may explain other differences."""
    if there.lock != here.lock:
        yield f"locked dependencies: {_said(there.lock)} there, {_said(here.lock)} here"
    for name in sorted({*there.tools, *here.tools}):
        if there.tools.get(name) != here.tools.get(name):
            yield f"{name}: {_said(there.tools.get(name))} there, {_said(here.tools.get(name))} here"


def _said(value: str | None) -> str:
    return "none" if value is None else value


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and _HEXADECIMAL.fullmatch(value) is not None


def _is_commit(value: Any) -> bool:
    return isinstance(value, str) and len(value) in _COMMIT_LENGTHS and _HEXADECIMAL.fullmatch(value) is not None


def _is_natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) and len(each) <= 100 for each in value.values())


_CHECKS = {
    "commit": lambda value: value is None or _is_commit(value),
    "clean": lambda value: value is None or isinstance(value, bool),
    "epoch": _is_natural,
    "lock": lambda value: value is None or _is_digest(value),
    "tools": _is_versions,
    "articles": _is_natural,
    "pages": _is_natural,
    "files": _is_natural,
    "digest": _is_digest,
}
