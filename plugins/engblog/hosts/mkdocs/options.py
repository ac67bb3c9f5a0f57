"""The plugin's options in ``mkdocs.yml``."""

from __future__ import annotations

import os

from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from engblog.contract.waivers import Check, read_allowed
from engblog.disk.docs import is_folder
from engblog.outputs.feeds.ids import is_authority

ALLOW = "ENGBLOG_ALLOW"
"""Environment variable with names of checks that one run waives, besides those of the option ``allow``."""


class _Natural(c.OptionallyRequired[int]):
    """A whole number from *least*."""

    def __init__(self, default: int, *, least: int) -> None:
        super().__init__(default=default)
        self._least = least

    def run_validation(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= self._least:
            return value
        raise ValidationError(f"{value!r} is no whole number from {self._least}; write {self.default}")


class _Folder(c.Type[str]):
    """A folder below the docs folder."""

    def run_validation(self, value: object) -> str:
        path: str = super().run_validation(value)
        if is_folder(path):
            return path
        raise ValidationError(f"{path!r} is no folder below the docs folder; write: {self.default}")


class _Allowed(c.OptionallyRequired[frozenset[Check]]):
    """Names of checks: a list, or a text with commas; and those that the environment waives for this once."""

    def __init__(self) -> None:
        super().__init__(default=frozenset())

    def run_validation(self, value: object) -> frozenset[Check]:
        if isinstance(value, frozenset):
            return value | _checks(os.environ.get(ALLOW, "").split(","), f"{ALLOW}: ")
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValidationError(f"{value!r} is no list of checks; write: allow: [{Check.ORPHANS.value}]")
        return self.run_validation(_checks(names))


def _checks(names: list[str], lead: str = "") -> frozenset[Check]:
    found, wrong = read_allowed(stripped for name in names if (stripped := name.strip()))
    if wrong:
        raise ValidationError(lead + "; ".join(wrong))
    return found


class _Authority(c.Type[str]):
    """What leads the permanent ids of articles."""

    def run_validation(self, value: object) -> str:
        text: str = super().run_validation(value)
        if not text or is_authority(text):
            return text
        raise ValidationError(
            f"{text!r} is no domain in lower case with a date on which it was yours; write: example.org,2026"
        )


class EngblogOptions(base.Config):
    """Every option, with its default and what it does."""

    articles_dir = _Folder(str, default="articles")
    """Folder of the articles below the docs folder, and the first part of their addresses. ``mkdocs-blog-plugin`` must
    be given the same as its ``folder``."""

    taxonomy = c.Type(str, default="taxonomy.yml")
    """The vocabulary, as a path from the docs folder."""

    authors = c.Type(str, default="authors.yml")
    """The people, as a path from the docs folder."""

    redirects = c.Type(str, default="redirects.yml")
    """Old addresses of all that is no article, and where each leads, as a path from the docs folder. The file need not
    be there, unless it is named here."""

    page_size = _Natural(20, least=1)
    """Articles on one page of a list."""

    related = _Natural(3, least=0)
    """Related articles below each article; 0 for none."""

    feed_size = _Natural(10, least=1)
    """Articles in a feed, the newest, each with its whole text. Ten of a thousand articles of 20 minutes with 60 tags
    are 160 MB of feeds, twenty are twice that. The RSS and the JSON Feed of the whole site are
    ``mkdocs-rss-plugin``'s, with a ``length`` of their own."""

    feed_authority = _Authority(str, default="")
    """What leads the permanent ids of articles in feeds: a domain and, after a comma, a year in which it was yours
    (RFC 4151), ``example.org,2026``. It stays as it is when the site moves to another domain: a change makes every
    article new to every subscriber. Empty takes the host of ``site_url``, and so changes with that."""

    preview_drafts = c.Type(bool, default=True)
    """Whether ``mkdocs serve`` shows drafts and articles of the future, with a mark. ``mkdocs build`` never does."""

    standalone_theme = c.Type(bool, default=False)
    """Whether the templates of ``theme.custom_dir`` need none of the parent theme's style sheets and scripts: then
    these are not copied into the site."""

    allow = _Allowed()
    """Checks that may fail, by name (:class:`engblog.contract.waivers.Check`): what they find is said and does not
    end the build or the deployment. For one run, name them in the environment variable ``ENGBLOG_ALLOW``, with commas:
    to edit ``mkdocs.yml`` is to change the commit that is deployed."""

    cards = c.Type(bool, default=False)
    """Whether each article gets a card, the picture that a link to it is shown with. They are set in the typefaces
    (``assets/fonts/*.woff2``) and colours (``assets/css/tokens.css``) of ``theme.custom_dir``; a card that cannot be
    drawn ends the build."""

    cards_cache = c.Type(str, default=".cache/engblog/cards")
    """Folder that keeps the cards that were drawn, as a path from ``mkdocs.yml``'s."""

    deploy_branch = c.Type(str, default="main")
    """The branch that the site is deployed from."""

    deploy_history = c.Choice(("one", "keep"), default="one")
    """``one``: the pages branch is always a single commit, and the one before it stays on the remote as
    ``refs/engblog/previous``; ``keep``: each deployment is a commit on top of the last, and the branch grows."""

    lab_pages = c.Type(bool, default=True)
    """Whether an article with a lab gets a page that shows the lab's tests, numbers and files."""

    sourced_figures = c.Type(bool, default=True)
    """Whether each quantity in the text of an article (``36 ms``, ``25%``, ``1,000 keys``) needs a measurement, a
    claim or a footnote in its sentence or row, or a reason why not."""
