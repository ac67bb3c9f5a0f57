"""Compares a published site, byte for byte, with a local build of its commit."""

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
from engblog.publish.compare import Harmless, first_difference, harmless, is_packed
from engblog.publish.published import Published
from engblog.publish.rebuild import Workshop

_MOST_INFO = 64 * 1024
_AT_ONCE = 6
_CHANGE = 4096
"""The number of bytes by which a small file may grow when another zlib compresses it."""
_HOSTS_OWN = UNCOUNTED - {BUILD_INFO}


class VerifyError(EngblogError):
    """A site does not say what it was built from; the message says what was found instead."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that differs between the local build and the published site."""

    path: str
    kind: Literal["different", "missing", "extra"]
    """``missing``: built here but not published; ``extra``: published but not built here."""
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a comparison."""

    place: str
    info: BuildInfo
    """The site's own ``build.json``."""
    identical: int
    """The number of files that are the same, byte for byte."""
    repacked: tuple[str, ...]
    """Files with the same content, compressed by another version of zlib: see :mod:`engblog.publish.compare`."""
    differences: tuple[Difference, ...]
    """By path."""
    tools: tuple[str, ...]
    """Differences between the tools of the two builds; they may explain the differences in files, but do not count."""
    ignored: tuple[str, ...]
    """The host's own files, which were not compared; for an address, those that any host may have."""
    listed: bool
    """True if extra files on the host would have been found."""

    @property
    def verified(self) -> bool:
        """True if nothing differs."""
        return not self.differences


def published_info(place: Published) -> BuildInfo:
    """Read what the site at *place* says it was built from. Raises :class:`VerifyError` or ``PublishedError``."""
    answer = place.read(BUILD_INFO, _MOST_INFO)
    if answer.data is None:
        redirected = answer.said.startswith("redirects")
        hint = "give that address" if redirected else "is this the root of a site that was built with this plugin?"
        raise VerifyError(f"{place.name}: {BUILD_INFO} {answer.said}; {hint}")
    if len(answer.data) > _MOST_INFO:
        raise VerifyError(f"{place.name}: {BUILD_INFO} has more than {_MOST_INFO} bytes, so the build did not write it")
    try:
        return read_build_info(answer.data)
    except BuildInfoError as error:
        raise VerifyError(f"{place.name}: {BUILD_INFO} is not what a build writes: {error}") from None


def verify(place: Published, info: BuildInfo, workshop: Workshop) -> Report:
    """Rebuild what *info* names and compare every file with the one at *place*.

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
        wrong = "has the same content, but different bytes"
    differences = [each.difference for each in found if each.difference is not None]
    differences += [Difference(BUILD_INFO, "different", wrong)] if wrong else []
    extra = (theirs or frozenset()) - {*ours, *UNCOUNTED}
    differences += [Difference(path, "extra", "exists, but the build does not write it") for path in extra]
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
    """A digest of the published bytes, as far as they were read."""
    difference: Difference | None = None
    repacked: bool = False


def _compare(place: Published, path: str, ours: bytes) -> _Compared:
    answer = place.read(path, 2 * len(ours) + _CHANGE if is_packed(path) else len(ours))
    if answer.data is None:
        return _Compared(path, "", Difference(path, "missing", answer.said))
    digest = sha256(answer.data).hexdigest()
    if answer.data == ours:
        return _Compared(path, digest)
    if harmless(path, ours, answer.data) is Harmless.REPACKED:  # of one moment, so that may not differ
        return _Compared(path, digest, repacked=True)
    if len(answer.data) > len(ours) and answer.data.startswith(ours):
        detail = f"continues after the {len(ours)} bytes that were built"
    else:
        detail = f"differs in {first_difference(ours, answer.data)}"
    return _Compared(path, digest, Difference(path, "different", detail))


def _other_claims(there: BuildInfo, here: BuildInfo, digest: str) -> Iterator[str]:
    """The false statements of the site about its files; *digest* is the one that they should have."""
    for name in ("articles", "pages", "files"):
        said, found = getattr(there, name), getattr(here, name)
        if said != found:
            yield f"{name}: {found} here, {said} there"
    if there.digest != digest:
        yield f"digest: {digest} here, {there.digest} there"
