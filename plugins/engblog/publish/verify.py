"""Compares a published site, byte for byte, with what its commit makes here."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from engblog.disk.tree import SiteTree
from engblog.model.errors import EngblogError
from engblog.outputs.build_info import (
    BUILD_INFO,
    UNCOUNTED,
    BuildInfo,
    BuildInfoError,
    digest_of,
    other_tools,
    read_build_info,
)
from engblog.publish.compare import first_difference, is_packed, only_repacked
from engblog.publish.published import Published
from engblog.publish.rebuild import Workshop

_MOST_INFO = 64 * 1024
_AT_ONCE = 6
_CHANGE = 4096
"""Bytes that a small file may have more when another zlib packs it."""
_HOSTS_OWN = UNCOUNTED - {BUILD_INFO}


class VerifyError(EngblogError):
    """A site does not say what it was built from; the message says what is there instead."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not the same here and there."""

    path: str
    kind: Literal["different", "missing", "extra"]
    """``missing``: built here, and not there; ``extra``: there, and not built here."""
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What comparing found."""

    place: str
    info: BuildInfo
    """What the site says of itself."""
    identical: int
    """How many files are the same, byte for byte."""
    repacked: tuple[str, ...]
    """Files with the same content, packed by another version of zlib: see :mod:`engblog.publish.compare`."""
    differences: tuple[Difference, ...]
    """By path."""
    tools: tuple[str, ...]
    """In what other things the two were made with: they may explain the differences, and are none themselves."""
    ignored: tuple[str, ...]
    """Files that are the host's own and were not compared; of an address, those that every host may have."""
    listed: bool
    """Whether files that were not built here would have been seen."""

    @property
    def verified(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def read_info(place: Published) -> BuildInfo:
    """What the site at *place* says it was built from. Raises :class:`VerifyError` or ``PublishedError``."""
    answer = place.read(BUILD_INFO, _MOST_INFO)
    if answer.data is None:
        redirected = answer.said.startswith("redirects")
        hint = "give that address" if redirected else "is this the root of a site that was built with this plugin?"
        raise VerifyError(f"{place.name}: {BUILD_INFO} {answer.said}; {hint}")
    if len(answer.data) > _MOST_INFO:
        raise VerifyError(f"{place.name}: {BUILD_INFO} has more than {_MOST_INFO} bytes: it is another file")
    try:
        return read_build_info(answer.data)
    except BuildInfoError as error:
        raise VerifyError(f"{place.name}: {BUILD_INFO} is not what a build writes: {error}") from None


def verify(place: Published, info: BuildInfo, workshop: Workshop) -> Report:
    """Build again what *info* names and compare every file with the one at *place*.

    Raises ``RebuildError`` or ``PublishedError``.
    """
    built = workshop.build(info)
    tree = SiteTree(built)
    here = read_build_info(tree.read(BUILD_INFO))
    ours = [path for path in tree.paths if path not in UNCOUNTED]
    theirs = place.paths()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            found = list(threads.map(lambda path: _compare(place, path, tree.read(path)), ours))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    repacked = tuple(each.path for each in found if each.repacked)
    served = digest_of((each.path, each.digest) for each in found)
    tools = tuple(other_tools(info, here))
    wrong = "; ".join(_other_claims(info, here, served if repacked else here.digest))
    if not (wrong or tools or repacked) and place.read(BUILD_INFO, _MOST_INFO).data != tree.read(BUILD_INFO):
        wrong = "says the same in other bytes"
    differences = [each.difference for each in found if each.difference is not None]
    differences += [Difference(BUILD_INFO, "different", wrong)] if wrong else []
    extra = (theirs or frozenset()) - {*ours, *UNCOUNTED}
    differences += [Difference(path, "extra", "is there, and no build wrote it") for path in extra]
    return Report(
        place.name,
        info,
        identical=sum(each.difference is None and not each.repacked for each in found) + (not wrong),
        repacked=repacked,
        differences=tuple(sorted(differences, key=lambda each: each.path)),
        tools=tools,
        ignored=tuple(sorted(_HOSTS_OWN if theirs is None else _HOSTS_OWN & theirs)),
        listed=theirs is not None,
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    path: str
    digest: str
    """Of the bytes there, as far as they were read."""
    difference: Difference | None = None
    repacked: bool = False


def _compare(place: Published, path: str, ours: bytes) -> _Compared:
    answer = place.read(path, 2 * len(ours) + _CHANGE if is_packed(path) else len(ours))
    if answer.data is None:
        return _Compared(path, "", Difference(path, "missing", answer.said))
    digest = sha256(answer.data).hexdigest()
    if answer.data == ours:
        return _Compared(path, digest)
    if only_repacked(path, ours, answer.data):
        return _Compared(path, digest, repacked=True)
    if len(answer.data) > len(ours) and answer.data.startswith(ours):
        detail = f"goes on after the {len(ours)} bytes that were built"
    else:
        detail = f"differs in {first_difference(ours, answer.data)}"
    return _Compared(path, digest, Difference(path, "different", detail))


def _other_claims(there: BuildInfo, here: BuildInfo, digest: str) -> Iterator[str]:
    """What the site says of its files that is not so; *digest* is the one that they should have."""
    for name in ("articles", "pages", "files"):
        said, found = getattr(there, name), getattr(here, name)
        if said != found:
            yield f"{name}: {found} here, {said} there"
    if there.digest != digest:
        yield f"digest: {digest} here, {there.digest} there"
