"""Compares a published site, byte for byte, with what its commit makes here."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engblog.core.buildinfo import BUILD_INFO, UNCOUNTED, BuildInfo, BuildInfoError, other_tools, read_build_info
from engblog.core.difference import first_difference
from engblog.io.errors import EngblogError
from engblog.io.published import Published
from engblog.io.rebuild import Workshop
from engblog.io.tree import SiteTree

_MOST_INFO = 64 * 1024
_AT_ONCE = 6
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
    ours = [path for path in tree.paths if path not in _HOSTS_OWN]
    theirs = place.paths()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            found = list(threads.map(lambda path: _compare(place, built, path, info, here), ours))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    differences = [each for each in found if each is not None]
    extra = (theirs or frozenset()) - {*ours, *_HOSTS_OWN}
    differences += [Difference(path, "extra", "is there, and no build wrote it") for path in extra]
    return Report(
        place.name,
        info,
        identical=found.count(None),
        differences=tuple(sorted(differences, key=lambda each: each.path)),
        tools=tuple(other_tools(info, here)),
        ignored=tuple(sorted(_HOSTS_OWN if theirs is None else _HOSTS_OWN & theirs)),
        listed=theirs is not None,
    )


def _compare(place: Published, built: Path, path: str, info: BuildInfo, here: BuildInfo) -> Difference | None:
    ours = (built / path).read_bytes()
    answer = place.read(path, len(ours) if path != BUILD_INFO else _MOST_INFO)
    if answer.data is None:
        return Difference(path, "missing", answer.said)
    if answer.data == ours:
        return None
    if path == BUILD_INFO:
        wrong = list(_other_claims(info, here))
        return Difference(path, "different", "; ".join(wrong)) if wrong else None
    if len(answer.data) > len(ours) and answer.data.startswith(ours):
        return Difference(path, "different", f"goes on after the {len(ours)} bytes that were built")
    return Difference(path, "different", f"differs in {first_difference(ours, answer.data)}")


def _other_claims(there: BuildInfo, here: BuildInfo) -> Iterator[str]:
    """What the site says of its files that is not so here."""
    for name in ("articles", "pages", "files", "digest"):
        said, found = getattr(there, name), getattr(here, name)
        if said != found:
            yield f"{name}: {found} here, {said} there"
