"""The theme's style sheets and scripts: which are shipped, which stand in every page, and their version."""

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
from engblog.html.policy import InlineScript, inline_script

_LATE = re.compile(r"assets/(?:js/.+/.+\.js|css/late/.+\.css)")
"""What scripts ask for: scripts in folders (those beside the folders are linked by pages), and some style sheets."""


def drop_parent_theme(files: Files, config: MkDocsConfig) -> None:
    """Take the static files of the theme that ``custom_dir`` extends out of *files*."""
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


def take_inline_scripts(files: Files, docs: Path) -> list[InlineScript]:
    """Take the theme's ``inline/*.js`` out of *files*: they stand in every page, by name, and not beside them.

    Raises ``PluginError``, naming all, if one cannot.
    """
    scripts, wrong = [], []
    for file in sorted(files, key=lambda file: file.src_uri):
        own = file.src_dir is not None and Path(file.src_dir).resolve() != docs.resolve()
        if own and file.generated_by is None and file.src_uri.startswith("inline/") and file.is_javascript():
            files.remove(file)
            try:
                scripts.append(inline_script(file.src_uri, file.content_bytes))
            except ValueError as error:
                wrong.append(f"{display_path(Path(str(file.src_dir)))}{error}")
    if wrong:
        raise PluginError("these scripts cannot stand in a page:\n" + "\n".join(wrong))
    return scripts


def assets_version(files: Files) -> str:
    """A short digest of all style sheets and scripts: part of their addresses, so that browsers fetch changed ones."""
    total = hashlib.sha256()
    assets = (file for file in files if file.is_css() or file.is_javascript())
    for file in sorted(assets, key=lambda file: file.dest_uri):
        total.update(f"{file.dest_uri}\0".encode() + file.content_bytes)
    return total.hexdigest()[:8]


def import_map(files: Files, site_url: str | None, version: str) -> InlineScript | None:
    """The import map, which adds the *version* that pages give what they link to what scripts ask for.

    None without such scripts. Scripts import each other by plain relative addresses, and a browser adds what the map
    says. The map names whole paths, so that it is alike on every page and one hash allows it. If the site is served
    from another path than that of *site_url*, the map names nothing there, and scripts are loaded without a version.
    """
    root = urlsplit(site_url or "").path.rstrip("/") + "/"
    late = sorted(file.url for file in files if _LATE.fullmatch(file.src_uri))
    imports = {f"{root}{url}": f"{root}{url}?v={version}" for url in late}
    if not imports:
        return None
    text = json.dumps({"imports": imports}, separators=(",", ":")).replace("<", r"\u003c")
    return inline_script("the import map", text.encode())
