"""The plugin's options in ``mkdocs.yml``."""

from __future__ import annotations

import os

from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from engblog.contract.waivers import ALLOWED_ONCE, Check, read_allowed
from engblog.disk.docs import is_folder
from engblog.outputs.feeds.ids import is_authority


class _Natural(c.OptionallyRequired[int]):
    """A whole number, at least *least*."""

    def __init__(self, default: int, *, least: int) -> None:
        super().__init__(default=default)
        self._least = least

    def run_validation(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= self._least:
            return value
        raise ValidationError(f"{value!r} must be a whole number, at least {self._least}; write {self.default}")


class _Folder(c.Type[str]):
    """A folder below the docs folder."""

    def run_validation(self, value: object) -> str:
        path: str = super().run_validation(value)
        if is_folder(path):
            return path
        raise ValidationError(f"{path!r} is not a folder inside the docs folder; write: {self.default}")


class _Allowed(c.OptionallyRequired[frozenset[Check]]):
    """Names of checks: a list, or a text with commas; and those that the environment waives for one run."""

    def __init__(self) -> None:
        super().__init__(default=frozenset())

    def run_validation(self, value: object) -> frozenset[Check]:
        if isinstance(value, frozenset):
            return value | _checks(os.environ.get(ALLOWED_ONCE, "").split(","), f"{ALLOWED_ONCE}: ")
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValidationError(f"{value!r} is not a list of checks; write: allow: [{Check.ORPHANS.value}]")
        return self.run_validation(_checks(names))


def _checks(names: list[str], lead: str = "") -> frozenset[Check]:
    found, wrong = read_allowed(stripped for name in names if (stripped := name.strip()))
    if wrong:
        raise ValidationError(lead + "; ".join(wrong))
    return found


class _Authority(c.Type[str]):
    """The start of the permanent ids of articles."""

    def run_validation(self, value: object) -> str:
        text: str = super().run_validation(value)
        if not text or is_authority(text):
            return text
        raise ValidationError(
            f"{text!r} must be a domain in lower case and a date on which you owned it; write: example.org,2026"
        )


class EngblogOptions(base.Config):
    """Every option, with its default and its effect."""

    articles_dir = _Folder(str, default="articles")
    """Folder of the articles below the docs folder, and the first part of their addresses. ``mkdocs-blog-plugin`` must
    be given the same as its ``folder``."""

    taxonomy = c.Type(str, default="taxonomy.yml")
    """The vocabulary, as a path from the docs folder."""

    authors = c.Type(str, default="authors.yml")
    """The people, as a path from the docs folder."""

    redirects = c.Type(str, default="redirects.yml")
    """The file of old addresses of pages other than articles, as a path from the docs folder. It may be missing, unless
    it is named here."""

    page_size = _Natural(20, least=1)
    """Articles on one page of a list."""

    related = _Natural(3, least=0)
    """Related articles below each article; 0 for none."""

    feed_size = _Natural(10, least=1)
    """The number of articles in the feed of a list, the newest. In the feeds of the whole site, the option ``length``
    of ``mkdocs-rss-plugin`` decides."""

    feed_texts = c.Choice(("site", "categories", "all"), default="categories")
    """The feeds that have whole texts: ``site``, those of the whole site; ``categories``, also those of categories;
    ``all``, also those of tags, subcategories, series and people. Other feeds have descriptions. For a thousand
    articles of 20 minutes with 60 tags, whole texts in all feeds make 160 MB."""

    feed_authority = _Authority(str, default="")
    """The start of the permanent ids of articles in feeds: a domain and, after a comma, a year in which you owned it
    (RFC 4151), ``example.org,2026``. Keep it when the site moves to another domain: after a change, every article is
    new to every subscriber. If empty, it is the host of ``site_url``, and changes with that."""

    preview_drafts = c.Type(bool, default=True)
    """True to show drafts and articles of the future in ``mkdocs serve``, with a mark. ``mkdocs build`` never does."""

    standalone_theme = c.Type(bool, default=False)
    """True if the templates of ``theme.custom_dir`` need none of the parent theme's style sheets and scripts, which are
    then not copied into the site."""

    allow = _Allowed()
    """Checks that may fail, by name (:class:`engblog.contract.waivers.Check`): their problems are logged and do not end
    the build or the deployment. To waive checks for one run, name them in the environment variable ``ENGBLOG_ALLOW``,
    with commas, because editing ``mkdocs.yml`` would change the commit that is deployed."""

    cards = c.Type(bool, default=False)
    """True to give each article a card, the picture shown with a link to it. Cards use the typefaces
    (``assets/fonts/*.woff2``) and colours (``assets/css/tokens.css``) of ``theme.custom_dir``. A card that cannot be
    drawn ends the build."""

    cache = c.Type(bool, default=True)
    """False to make everything again in each build, and keep nothing for the next one. ``ENGBLOG_CACHE=off`` in the
    environment does the same for one build."""

    cards_cache = c.Type(str, default=".cache/engblog/cards")
    """Cache of drawn cards, as a path from the folder of ``mkdocs.yml``."""

    deploy_branch = c.Type(str, default="main")
    """The branch that the site is deployed from."""

    deploy_history = c.Choice(("one", "keep"), default="one")
    """``one``: the pages branch is always a single commit, and the last deployment with other pages stays on the remote
    as ``refs/engblog/previous``; ``keep``: each deployment is a commit on top of the last, and the branch grows, as
    a remote needs it that forbids forced pushes."""

    lab_pages = c.Type(bool, default=True)
    """True to give an article with a lab a page that shows the lab's tests, numbers and files."""

    sourced_figures = c.Type(bool, default=True)
    """True if each quantity in the text of an article (``36 ms``, ``25%``, ``1,000 keys``) needs a measurement, a claim
    or a footnote in its sentence or row, or a reason why not."""
