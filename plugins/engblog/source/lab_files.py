"""The files of a lab that readers get: sources, configurations and data in text. Every other file must be named.

A lab is published whole, on its page and in its archive, so whatever a test or an editor left in it would be published
as well: a server's data, a key, a backup, a program. Those are problems, unless ``lab.toml`` lists the file as data
that the tests need.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection

from engblog.model.problems import Code, quote
from engblog.model.urls import MARKDOWN
from engblog.source.pictures.judge import Fault

_SUFFIXES = frozenset({
    "adoc", "asm", "awk", "bash", "bat", "bats", "bnf", "bt", "c", "cc", "cfg", "cjs", "clj", "cljs", "cmake",
    "cnf", "cmd", "conf", "cpp", "cql", "cr", "cs", "css", "csv", "cts", "cu", "cxx", "d", "dart", "diff",
    "dockerfile", "dot", "erl", "ex", "exs", "f90", "fish", "fs", "fsx", "gleam", "go", "gql", "gradle",
    "graphql", "groovy", "h", "hcl", "hh", "hpp", "hrl", "hs", "htm", "html", "hxx", "ini", "ipynb", "java", "j2",
    "jinja", "jl", "js", "json", "json5", "jsonl", "jsx", "jsonnet", "kt", "kts", "less", "lean", "lisp", "lock",
    "lua", "m", "make", "mdx", "mjs", "mk", "ml", "mli", "mod", "mts", "ndjson", "nft", "nim", "nix", "odin", "p4",
    "pas", "patch", "php", "pl", "pm", "pp", "prolog", "properties", "proto", "ps1", "py", "pyi", "pyx", "r", "rb",
    "rego", "rkt", "rs", "rst", "rules", "s", "sass", "sbt", "scala", "scm", "scss", "sed", "service", "sh",
    "socket", "sol", "sql", "st", "sum", "sv", "svelte", "svg", "swift", "tcl", "tex", "text", "tf", "thrift",
    "timer", "tla", "tmpl", "toml", "tpl", "ts", "tsv", "tsx", "txt", "v", "vb", "vhd", "vue", "wat", "work", "xml",
    "xq", "xsd", "xsl", "xslt", "yaml", "yml", "zig", "zsh",
})  # fmt: skip
"""The endings of the names of sources, configurations and data, in lower case."""
_NAMES = frozenset({
    "brewfile", "caddyfile", "containerfile", "dockerfile", "gemfile", "gnumakefile", "justfile", "license",
    "makefile", "notice", "procfile", "rakefile", "readme", "vagrantfile", "version",
})  # fmt: skip
"""Whole names of such files, in lower case."""
_COPY = re.compile(r" \(\d+\)|\(copy\)| copy\b|^copy of |\bcopy \d+|\s-\s(?:copy|kopie)\b|\bkopie\b", re.IGNORECASE)
"""Marks of a copy that a file manager made."""
_LEFT_BEHIND = frozenset({".ds_store", ".gitignore", ".gitattributes", ".gitkeep", ".keep", ".editorconfig"})
"""Hidden files that no lab needs, in lower case."""
_SWAP = re.compile(r"\.(?:.*\.sw[a-p]|#.*|_.*|~lock\..*#)")
"""Hidden files of editors and file systems, whole names."""


def lab_file_fault(name: str, *, is_text: bool, data: Collection[str]) -> Fault | None:
    """The problem with the file *name*, a path from ``lab/``; None if readers get it.

    *data* are the files that ``lab.toml`` lists.
    """
    base = posixpath.basename(name)
    if name in data:
        return None
    if any(part.startswith(".") for part in name.split("/")):
        if base.lower() in _LEFT_BEHIND or _SWAP.fullmatch(base):
            return None
        message = f"{quote(name)} is hidden, so readers do not get it with the lab"
        return Fault(Code.S010_LAB_FILE, message, "delete it, or give it a name that does not start with a dot")
    need = f'if the tests need it, list it in lab.toml: [files] data = ["{name}"]; otherwise delete it'
    if _COPY.search(posixpath.splitext(base)[0]):
        return Fault(Code.S010_LAB_FILE, f"{quote(name)} looks like a copy of another file", need)
    if not _is_source(base):
        return Fault(Code.S010_LAB_FILE, f"{quote(name)} is neither source code nor data in text", need)
    if not is_text:
        return Fault(Code.S010_LAB_FILE, f"{quote(name)} is not text, so readers cannot see what is in it", need)
    return None


def _is_source(base: str) -> bool:
    lowered = base.lower()
    stem, dot, suffix = lowered.rpartition(".")
    return lowered in _NAMES or (bool(stem and dot) and (suffix in _SUFFIXES or lowered.endswith(MARKDOWN)))
