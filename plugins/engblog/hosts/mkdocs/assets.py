"""The theme's style sheets and scripts: those to ship, those to inline into every page, and their version."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from engblog.disk.docs import display_path
from engblog.html.compact import compact_script, compact_sheet, imported_sheets, joined_sheet
from engblog.html.policy import InlineScript, inline_script

_LATE = re.compile(r"assets/(?:js/.[^/\n]*+/.+\.js|css/late/.+\.css)")
"""Files that scripts request: scripts in folders (pages link those outside folders), and some style sheets."""


def drop_parent_theme(files: Files, config: MkDocsConfig) -> None:
    """Remove the static files of the theme that ``custom_dir`` extends from *files*."""
    for file in [file for file in files if _is_of_parent_theme(file, config)]:
        files.remove(file)


def _is_of_parent_theme(file: File, config: MkDocsConfig) -> bool:
    if file.src_dir is None or file.generated_by is not None:
        return False
    source = Path(file.src_dir).resolve()
    own = {Path(config.docs_dir).resolve()}
    if config.theme.custom_dir:
        own.add(Path(config.theme.custom_dir).resolve())
    return source not in own


def compact_code(files: Files, config: MkDocsConfig) -> None:
    """Replace the style sheets and scripts below ``assets/`` that the theme brings by what is shipped of them.

    A style sheet has what it imports in its place; a sheet that only others import is not shipped. Raises
    ``PluginError``, naming each one that cannot be read or joined.
    """
    docs = Path(config.docs_dir).resolve()
    ours = {file.dest_uri: file for file in files if _is_code_of_theme(file, docs)}
    texts, made, wrong = {}, {}, []
    for path, file in ours.items():
        try:
            texts[path] = file.content_bytes.decode("utf-8-sig")
        except UnicodeDecodeError:
            wrong.append(f"{path} is not UTF-8")
    sheets = {path: text for path, text in texts.items() if ours[path].is_css()}
    for path, text in texts.items():
        try:
            made[path] = compact_sheet(joined_sheet(path, sheets)) if path in sheets else compact_script(text)
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise PluginError("these files of the theme cannot be shipped:\n" + "\n".join(sorted(wrong)))
    imported = frozenset().union(*(imported_sheets(path, text) for path, text in sheets.items()))
    for path, text in made.items():
        if path in imported and not _LATE.fullmatch(ours[path].src_uri):
            files.remove(ours[path])
        else:
            ours[path].content_bytes = text.encode()


def _is_code_of_theme(file: File, docs: Path) -> bool:
    own = file.src_dir is not None and file.generated_by is None and Path(file.src_dir).resolve() != docs
    return own and file.src_uri.startswith("assets/") and (file.is_css() or file.is_javascript())


def take_inline_scripts(files: Files, docs: Path) -> list[InlineScript]:
    """Take the theme's ``inline/*.js`` out of *files*, because they are put into every page, in order of name.

    Raises ``PluginError``, naming each script that cannot be.
    """
    scripts, wrong = [], []
    for file in sorted(files, key=lambda file: file.src_uri):
        own = file.src_dir is not None and Path(file.src_dir).resolve() != docs.resolve()
        if own and file.generated_by is None and file.src_uri.startswith("inline/") and file.is_javascript():
            files.remove(file)
            try:
                script = inline_script(file.src_uri, file.content_bytes)
                scripts.append(inline_script(file.src_uri, compact_script(script.text).encode()))
            except ValueError as error:
                wrong.append(f"{display_path(Path(str(file.src_dir)))}{error}")
    if wrong:
        raise PluginError("these scripts cannot be put into a page:\n" + "\n".join(wrong))
    return scripts


def theme_scripts(files: Files, config: MkDocsConfig) -> frozenset[str]:
    """The scripts that pages may load, by their paths from the site's root: those that no file of the docs folder
    brings, and those that the configuration names."""
    docs = Path(config.docs_dir).resolve()
    named = {str(each).partition("?")[0] for each in config.extra_javascript}
    return frozenset(
        file.dest_uri
        for file in files
        if file.is_javascript()
        and (file.dest_uri in named or file.src_dir is None or Path(file.src_dir).resolve() != docs)
    )


def script_places(scripts: frozenset[str]) -> frozenset[str]:
    """The folders and single files that *scripts* are in: a folder for those that are two folders deep or more, so that
    ``assets/js/`` is one of them."""
    return frozenset("/".join(each.split("/")[:2]) + "/" if each.count("/") > 1 else each for each in scripts)


def digests_of_theme(files: Files, config: MkDocsConfig) -> dict[str, str]:
    """SHA-256, in hexadecimal, of each of *files* that a folder of the theme brings, by its path on the site."""
    theme = {Path(folder).resolve() for folder in config.theme.dirs}
    return {
        file.dest_uri: hashlib.sha256(file.content_bytes).hexdigest()
        for file in files
        if file.generated_by is None and file.src_dir is not None and Path(file.src_dir).resolve() in theme
    }


def named_code(files: Files, config: MkDocsConfig) -> frozenset[str]:
    """The paths on the site of the style sheets and scripts that the configuration names."""
    named = {str(each).partition("?")[0] for each in (*config.extra_css, *config.extra_javascript)}
    return frozenset(file.dest_uri for file in files if file.src_uri in named)


def assets_version(files: Files) -> str:
    """A short digest of all style sheets and scripts, which is part of their addresses, so that browsers fetch
    changes."""
    total = hashlib.sha256()
    assets = (file for file in files if file.is_css() or file.is_javascript())
    for file in sorted(assets, key=lambda file: file.dest_uri):
        total.update(f"{file.dest_uri}\0".encode() + file.content_bytes)
    return total.hexdigest()[:8]


def speculation_rules(site_url: str | None) -> InlineScript:
    """Make the rules by which browsers that know them fetch a page of the site while the reader still points at its
    link. Browsers themselves refrain where readers save data or power.

    Addresses of pages end with a slash. If the site is served from a path other than that of *site_url*, the rules have
    no effect.
    """
    root = urlsplit(site_url or "").path.rstrip("/")
    pages = {"href_matches": [f"{root}/", f"{root}/*/"]}
    rules = {"prefetch": [{"where": pages, "eagerness": "moderate"}]}
    return inline_script("the speculation rules", json.dumps(rules, separators=(",", ":")).encode())


def import_map(files: Files, site_url: str | None, version: str) -> InlineScript | None:
    """Make the import map, which gives files that scripts request the same *version* as files that pages link.

    Returns None if there are no such files. Scripts import each other by plain relative addresses, to which browsers
    add the version from the map. The map has full paths, so it is the same on every page and one hash allows it. If the
    site is served from a path other than that of *site_url*, the map has no effect, and scripts load without a version.
    """
    root = urlsplit(site_url or "").path.rstrip("/") + "/"
    late = sorted(file.url for file in files if _LATE.fullmatch(file.src_uri))
    imports = {f"{root}{url}": f"{root}{url}?v={version}" for url in late}
    if not imports:
        return None
    text = json.dumps({"imports": imports}, separators=(",", ":")).replace("<", r"\u003c")
    return inline_script("the import map", text.encode())
