"""Whole small sites, and all that comes out of them: what is logged, the pages, what templates are given, HTML.

A case is ``<name>.site``, a site in one string whose file ``show`` names the pages to look at, and ``<name>.expected``.
After a change that is meant: ``UPDATE_GOLDEN=1 pytest tests/golden``, and read the difference.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from support.hosts import BuildError, build_here, content, leftovers, load, log, mini, pages, view
from support.pictures import PNG
from support.sources import unpack

CASES = sorted(path.stem for path in Path(__file__).parent.glob("*.site"))
_OF_EVERY_BUILD = re.compile(r"INFO (Cleaning|Building|Documentation built|\d+ files beside the pages)")


def outcome(root: Path, text: str) -> str:
    files: dict[str, str | bytes] = {
        name: PNG if name.endswith(".png") else content for name, content in unpack(text).items()
    }
    shown = str(files.pop("show", "")).split()
    mini(root, files)
    parts = []
    with log() as lines:
        try:
            site = build_here(root, config=load(root))
        except BuildError as error:
            return (
                str(error).replace(f"{root}/", "").split("INFO Building documentation", 1)[1].partition("\n")[2] + "\n"
            )
    logged = [line for line in lines if not _OF_EVERY_BUILD.match(line)]
    parts += ["## log", *logged, "", "## pages", *(f"/{url}" for url in pages(site))]
    for url in shown:
        where = url.removeprefix("/")
        parts += ["", f"## data of {url}", json.dumps(view(site, where), indent=1, ensure_ascii=False)]
        if body := content(site, where).strip():
            parts += ["", f"## content of {url}", body]
    assert leftovers(root) == []
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_a_site_comes_out_as_it_did(tmp_path: Path, case: str) -> None:
    folder = Path(__file__).parent
    produced = outcome(tmp_path, (folder / f"{case}.site").read_text())
    expected = folder / f"{case}.expected"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(produced)
    assert produced == expected.read_text(), "if this is meant: UPDATE_GOLDEN=1 pytest tests/golden"
