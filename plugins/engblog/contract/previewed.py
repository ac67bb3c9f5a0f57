"""The differences between a preview and the site that a build makes of the same sources.

A preview shows drafts and articles of the future. A build has neither, so what is wrong with them does not end it, and
a link to one of them leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engblog.contract.finding import Finding
from engblog.html.links import Addresses, Where
from engblog.html.page import Use, read_page
from engblog.model.problems import Code, quote
from engblog.outputs.build_info import BUILD_INFO

ONLY_BUILT = (BUILD_INFO,)
"""Files that only a build writes."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """The parts of a preview that a build of the same sources does not have."""

    url: str = ""
    """The site's address for its readers; a preview has another. Empty if the site has none."""
    files: frozenset[str] = frozenset()
    """Single files, as paths from the site's root."""
    folders: tuple[str, ...] = ()
    """Folders with everything in them, each with a slash at its end."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The HTML of what authors wrote, by the file of its page."""

    def has(self, path: str) -> bool:
        """True if a build does not write the file at *path*."""
        return path in self.files or path.startswith(self.folders)

    def leaves_out(self, path: str) -> bool:
        """True if a build does not write the page in *path*, which somebody wrote. Lists are also cut into other pages
        there, but lead to the same places."""
        return path in self.texts and self.has(path)


def wrong_links(previewed: Previewed, addresses: Addresses) -> Iterator[Finding]:
    """Links that lead somewhere only in the preview, in the texts of pages that a build has.

    Only texts are read: a template lists whatever articles there are.
    """
    for path, html in sorted(previewed.texts.items()):
        if previewed.has(path):
            continue
        for reference in read_page(html).references:
            target = addresses.target(path, reference.address)
            linked = reference.use in {Use.LINK, Use.LOAD} and target.where is Where.SITE and target.found
            if linked and target.path != path and previewed.has(target.path):
                message = f"<{reference.element}> leads to {quote(reference.address, 120)}, which is not published"
                hint = "a build leaves drafts and articles of the future out: link to them once they are published"
                key = (reference.element, target.path)
                yield Finding(Code.P006_LINK, path, reference.place, message, hint, key)
