"""A lab is published whole, so what nobody should get must not be in it."""

from __future__ import annotations

import pytest
from engblog.source.lab_files import lab_file_fault
from hypothesis import given
from hypothesis import strategies as st

SOURCES = [
    "test_a.py", "conftest.py", "server.go", "go.mod", "Main.java", "main.rs", "Cargo.toml", "Cargo.lock", "a.c", "a.h",
    "feed.js", "gateway.mjs", "app.ts", "index.html", "style.css", "schema.sql", "pod.yaml", "compose.yml",
    "nginx.conf", "haproxy.cfg", "redis.ini", "run.sh", "Makefile", "Dockerfile", "LICENSE", "README", "README.md",
    "notes.txt", "rows.csv", "events.jsonl", "record.json", "lab.toml", "drawing.svg", "api.proto", "main.tf",
    "script.lua", "deep/er/helper.py", "UPPER.PY", "requirements.txt",
]  # fmt: skip
UNFIT = [
    "secret.pem", "server.key", "id_rsa", "id_ed25519", "store.p12", "store.jks", "dump.rdb", "appendonly.aof", "core",
    "core.1234", "nohup.out", "a.out", "chase", "x.o", "x.so", "X.class", "x.pyc", "data.sqlite", "data.db",
    "Thumbs.db", "test_a.py~", "test_a.py.orig", "test_a.py.bak", "#test_a.py#", "test_a (1).py", "test_a copy.py",
    "Copy of a.sql", "a - Copy.conf", "draft.docx", "plot.png", "data.csv.gz", "x.tmp", "server.log", "x.", "TODO",
]  # fmt: skip


def fault(name: str, *, is_text: bool = True, data: tuple[str, ...] = ()) -> str:
    found = lab_file_fault(name, is_text=is_text, data=data)
    return f"{found.code.id} {found.message} | {found.hint}" if found else ""


@pytest.mark.parametrize("name", SOURCES)
def test_sources_configurations_and_data_in_text_are_part_of_a_lab(name: str) -> None:
    assert fault(name) == ""


@pytest.mark.parametrize("name", UNFIT)
def test_keys_backups_and_what_programs_leave_are_named_with_the_remedy(name: str) -> None:
    assert fault(name).startswith("S010 ")
    assert f'list it in lab.toml: [files] data = ["{name}"]; otherwise delete it' in fault(name)
    assert fault(name, data=(name,)) == "", "the author says that the tests need it"


@pytest.mark.parametrize("name", ["test_a.py", "rows.csv"])
def test_a_source_that_is_not_text_is_named(name: str) -> None:
    assert "is not text" in fault(name, is_text=False)


@pytest.mark.parametrize("name", [".env", ".pgpass", ".config/app.toml", "deep/.npmrc"])
def test_a_hidden_file_is_named_because_readers_do_not_get_it(name: str) -> None:
    assert "is hidden, so readers do not get it" in fault(name)


@pytest.mark.parametrize("name", [".DS_Store", ".gitignore", ".test_a.py.swp", ".#test_a.py", "._test_a.py"])
def test_hidden_files_that_no_lab_needs_are_passed_over(name: str) -> None:
    assert fault(name) == ""


@given(st.text(min_size=1, max_size=12).filter(lambda name: "." not in name), st.sampled_from([".py", ".bak", "", "~"]))
def test_every_name_is_of_a_known_kind_or_named(stem: str, suffix: str) -> None:
    name = stem + suffix
    assert fault(name) == "" or fault(name).startswith("S010 ")
    if suffix in {".bak", "~"}:
        assert fault(name)
