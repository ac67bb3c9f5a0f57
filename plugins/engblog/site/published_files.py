"""The files that a site publishes besides its pages: those that something refers to, and a few in known places, of
kinds in which no browser runs anything (:mod:`engblog.source.file_kinds`).

Everything else below the docs folder would go live by accident: notes, backups, keys, what a program left behind. The
build leaves it out, and the check names it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from engblog.model.picture import LFS
from engblog.model.problems import Code, Mark, Problems, quote
from engblog.model.site import Site
from engblog.model.urls import MARKDOWN, WELL_KNOWN, fold_path
from engblog.source.file_kinds import FileFault, ending_of, is_code, is_shown_as_text
from engblog.source.lab_files import lab_file_fault
from engblog.source.parse import Source
from engblog.source.pictures import PICTURES, Fault, pointer_fault

ASSETS = "assets/"
"""The folder of files that templates and style sheets use, which no text refers to."""
_ASSET_KINDS = (
    ".avif", ".gif", ".ico", ".jpeg", ".jpg", ".otf", ".png", ".svg", ".ttf", ".webmanifest", ".webp", ".woff",
    ".woff2",
)  # fmt: skip
_AT_ROOT = re.compile(
    r"CNAME|(?:robots|humans|security|ads|app-ads)\.txt|favicon\.(?:ico|png|svg)|apple-touch-icon.*\.png"
    r"|(?:site|manifest)\.webmanifest|manifest\.json|browserconfig\.xml|BingSiteAuth\.xml"
)
"""Files that browsers, hosts and search engines look for at the root of a site."""
_TEXTS = frozenset({"text", "HTML", "SVG", "empty"})
"""Kinds of content that readers can read."""
_BACKUP = re.compile(
    r"(?:.*~|#.*#|.*\.(?:bak|orig|rej|old|save|sw[a-p]|tmp|temp)|(?:.* copy|copy of .*|.* \(\d+\))\.\w+)", re.I
)
_SECRET = re.compile(
    r".*\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|asc|gpg|pgp|ovpn)|id_(?:rsa|dsa|ecdsa|ed25519)|\.?env(?:\..*)?"
    r"|.*(?:secret|credential|password|passwd|token)s?(?:\.\w+)?",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"thumbs\.db|desktop\.ini|ehthumbs\.db|core(?:\.\d+)?|nohup\.out|.*\.(?:log|pyc|pyo|dump|rdb|aof|pid)", re.I
)


@dataclass(frozen=True, slots=True)
class DocsFolder:
    """The files below a docs folder, and what refers to them. Paths start at the folder."""

    files: frozenset[str]
    """Files that the configuration does not leave out, without those that the build itself reads."""
    hidden: frozenset[str] = frozenset()
    """Files in labs that the host leaves out because they are hidden, and that the configuration does not name."""
    named: frozenset[str] = frozenset()
    """Files that the configuration refers to."""
    unfit: frozenset[str] = frozenset()
    """Files that must not be published although something refers to them, or that are only in a lab's archive."""
    lab_kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of content of each file in a lab (:func:`engblog.source.pictures.kind_of`)."""
    lab_data: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For the folder of each article whose ``lab.toml`` lists data: its names, by path from ``lab/``."""
    articles_dir: str = "articles"

    def article_of(self, path: str) -> str | None:
        """The folder of the article that *path* belongs to; None for other files."""
        slug, slash, _ = path.removeprefix(f"{self.articles_dir}/").partition("/")
        folder = f"{self.articles_dir}/{slug}"
        return folder if slash and path.startswith(f"{folder}/") and f"{folder}/index.md" in self.files else None

    def lab_fault(self, path: str) -> Fault | None:
        """The problem with *path*, a file in the lab of an article; None if readers get it with the lab."""
        folder, _, name = path.partition("/lab/")
        kind = self.lab_kinds.get(path, "text")
        if kind == LFS:
            return pointer_fault(name)
        return lab_file_fault(name, is_text=kind in _TEXTS, data=self.lab_data.get(folder, frozenset()))

    def referred(self, texts: Iterable[Source]) -> frozenset[str]:
        """The files that *texts* or the configuration refer to."""
        return self.files & (self.named | {each.path for text in texts for each in text.parsed.local})

    def linked(self, texts: Iterable[Source]) -> frozenset[str]:
        """Those of them that readers can open: not those that a text only includes."""
        found = {each.path for text in texts for each in text.parsed.local if each.reference.kind != "include"}
        return self.files & (self.named | found)

    @property
    def in_labs(self) -> frozenset[str]:
        """The files that readers get with a lab."""
        return frozenset(
            path
            for path in self.lab_kinds
            if (owner := self.article_of(path)) is not None
            and path.startswith(f"{owner}/lab/")
            and self.lab_fault(path) is None
        )


def published_files(
    folder: DocsFolder, articles: Iterable[Source], pages: Iterable[Source], site: Site
) -> frozenset[str]:
    """The files of *folder* that *site* publishes, its texts included."""
    shown = {article.src_uri.rpartition("/")[0] for article in site.articles}
    referred = folder.referred((*(source for source in articles if source.folder in shown), *pages))
    return frozenset(path for path in folder.files if _is_published(path, folder, shown, referred))


def _is_published(path: str, folder: DocsFolder, shown: set[str], referred: frozenset[str]) -> bool:
    owner = folder.article_of(path)
    if owner is not None and owner not in shown:
        return False
    if path.endswith(MARKDOWN):
        return path == f"{owner}/index.md" if owner else not path.startswith(f"{folder.articles_dir}/")
    if path in folder.unfit:
        return False
    if path in referred or is_known(path):
        return True
    if owner is None or not path.startswith(f"{owner}/lab/") or folder.lab_fault(path) is not None:
        return False
    return is_shown_as_text(path)  # the lab's page shows the others as well, and its archive has them


def is_known(path: str) -> bool:
    """True if *path* is published although no text refers to it."""
    if path.startswith(WELL_KNOWN):
        return not path.endswith(MARKDOWN)
    return _AT_ROOT.fullmatch(path) is not None or (path.startswith(ASSETS) and path.lower().endswith(_ASSET_KINDS))


def check_strays(
    folder: DocsFolder,
    misplaced: Collection[str],
    articles: Iterable[Source],
    pages: Iterable[Source],
    path_prefix: str,
    problems: Problems,
) -> None:
    """Note each file of *folder* that nothing publishes: no text refers to it, and it is not of a known kind. Those
    that are *misplaced* have been noted already.

    Files in the folders of labs have separate rules (:func:`engblog.source.lab_files.lab_file_fault`).
    """
    referred = folder.referred((*articles, *pages))
    for path in sorted((folder.files | folder.hidden) - {*misplaced}):
        owner = folder.article_of(path)
        mark = Mark(path_prefix + path)
        if owner is not None and path.startswith(f"{owner}/lab/"):
            if path not in referred and (fault := folder.lab_fault(path)) is not None:
                problems.add(mark, *fault)
        elif path in folder.files and not _has_place(path, owner, folder, referred):
            problems.add(mark, Code.S009_STRAY, *_stray(path))


def check_unfit(
    folder: DocsFolder,
    unfit: Mapping[str, tuple[FileFault, ...]],
    texts: Collection[Source],
    path_prefix: str,
    problems: Problems,
) -> None:
    """Note each of *unfit*, files of *folder* with the reasons, that readers could open, and each reference of *texts*
    to a file that is only in the archive of a lab."""
    archived = frozenset(path for path in folder.in_labs & unfit.keys() if f".{ending_of(path)}" not in PICTURES)
    opened = folder.linked(texts) | {path for path in folder.files if is_known(path)}
    for path in sorted((opened & unfit.keys()) - archived):
        for fault in unfit[path]:
            if fault.code is Code.S014_CONTENT and f".{ending_of(path)}" in PICTURES:
                continue  # said where a text shows the picture, or where it is among those that no text has to show
            problems.add(Mark(path_prefix + path, fault.line, fault.column), fault.code, fault.message, fault.hint)
    for text in texts:
        for each in text.parsed.local:
            if each.path in archived and each.reference.kind != "include":
                mark = Mark(text.parsed.path, each.reference.line, each.reference.column)
                message = f"{quote(each.target)} is not published as a file: browsers would not show it as text"
                hint = "link to the lab's page, which shows it: lab/index.md; or include it in a fence"
                problems.add(mark, Code.R022_IN_ARCHIVE, message, hint)


def check_replacing(paths: Iterable[str], of_theme: Collection[str], path_prefix: str, problems: Problems) -> None:
    """Note each of *paths*, published files from the docs folder, that has the path of one of the files *of_theme*."""
    taken = {fold_path(path): path for path in of_theme}
    for path in sorted(paths):
        if (other := taken.get(fold_path(path))) is not None:
            message = f"the file would take the place of the theme's own /{other}"
            hint = "give it another name, or change the theme's file itself"
            problems.add(Mark(path_prefix + path), Code.S015_REPLACES, message, hint)


def _has_place(path: str, owner: str | None, folder: DocsFolder, referred: frozenset[str]) -> bool:
    if path in referred or is_known(path):
        return True
    if path.endswith(MARKDOWN):
        return path == f"{owner}/index.md" if owner else not path.startswith(f"{folder.articles_dir}/")
    return False


def _stray(path: str) -> tuple[str, str]:
    """The message and the hint for a file that nothing refers to."""
    base = posixpath.basename(path)
    out = "move it out of the docs folder, or list it in `exclude_docs` in mkdocs.yml"
    if path.endswith(MARKDOWN):
        message = f"{quote(base)} is not a page: an article's folder has only index.md"
        return message, f"delete it, {out}" if _BACKUP.fullmatch(base) else f"move the text into the article, {out}"
    message = f"nothing refers to {quote(base)}, so it is not published"
    if _SECRET.fullmatch(base):
        return (
            message,
            f"if it is a secret, take it out of the repository and replace it: anyone may have read it; or {out}",
        )
    if is_code(path):
        return message, f"a script or a style sheet belongs to the folder `theme.custom_dir`: move it there; or {out}"
    if _BACKUP.fullmatch(base) or _LEFT.fullmatch(base):
        return message, f"delete it, {out}"
    return message, f"link to it, {out}"
