"""What a lab of a stranger finds around it: no secrets, no network in CI, and not the rights of root."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from engblog.cli import main
from engblog.lab import isolated
from engblog.lab.isolation import NOWHERE, Isolation, environment, strongest
from hypothesis import given
from hypothesis import strategies as st
from support.repositories import commit, git
from support.sources import AUTHORS, TAXONOMY, article, write

PROBE = """\
import json, os, socket, sys

def reaches(host):
    try:
        socket.create_connection((host, 9), 2).close()
    except ConnectionRefusedError:
        return "answers"
    except OSError as error:
        return type(error).__name__
    return "answers"

listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname(), 2).close()
print(json.dumps({"uid": os.geteuid(), "groups": os.getgroups(), "loopback": True, "far": reaches("198.51.100.1"),
                  "interfaces": [name for _, name in socket.if_nameindex()], "variables": sorted(os.environ)}))
"""
SYSTEM_PYTHON = "/usr/bin/python3"


def can(*options: str) -> bool:
    command = [SYSTEM_PYTHON, "-I", "-S", str(isolated.__file__), *options, "--", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def probed(isolation: Isolation, given: Mapping[str, str] = os.environ) -> dict[str, object]:
    command = isolation.command([SYSTEM_PYTHON, "-c", PROBE])
    if command[0] == sys.executable:
        command[0] = SYSTEM_PYTHON  # another account may not reach ours
    done = subprocess.run(command, env=environment(given), capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not can("--network"), reason="this machine lets nobody make a network")
def test_without_a_network_there_is_loopback_and_nothing_else() -> None:
    found = probed(Isolation(network=True))
    assert found["interfaces"] == ["lo"]
    assert found["loopback"] is True
    assert found["far"] == "OSError"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_as_another_account_a_lab_has_no_groups_and_no_way_back(tmp_path: Path) -> None:
    isolation = Isolation(user=65534)
    found = probed(isolation)
    assert (found["uid"], found["groups"]) == (65534, [])
    tmp_path.chmod(0o755)
    (tmp_path / "events").touch()
    isolation.hand_over(tmp_path / "events")
    assert (tmp_path / "events").stat().st_uid == 65534
    back = [SYSTEM_PYTHON, "-c", "import os; os.setuid(0)"]
    done = subprocess.run(
        [SYSTEM_PYTHON, str(isolated.__file__), "--user", "65534", "--", *back], capture_output=True, check=False
    )
    assert b"PermissionError" in done.stderr


def test_what_cannot_be_isolated_is_not_run(tmp_path: Path) -> None:
    command = ["--user", "4294967295", "--", "touch", str(tmp_path / "ran")]
    done = subprocess.run([SYSTEM_PYTHON, str(isolated.__file__), *command], capture_output=True, check=False)
    assert done.returncode in {isolated.IMPOSSIBLE, 1}
    assert not (tmp_path / "ran").exists()


SECRETS = ("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "AWS_SECRET_ACCESS_KEY", "NPM_TOKEN", "SSH_AUTH_SOCK", "PGPASSWORD")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_lab_does_not_get_what_others_keep_in_the_environment(secret: str) -> None:
    assert environment({"PATH": "/bin", secret: "x", "LC_ALL": "C"}) == {"PATH": "/bin", "LC_ALL": "C"}


@given(st.dictionaries(st.from_regex(r"[A-Z_]{1,8}(TOKEN|SECRET|PASSWORD|KEY|AUTH)", fullmatch=True), st.just("x")))
def test_nothing_that_is_called_a_secret_is_kept(given: dict[str, str]) -> None:
    assert environment({name: value for name, value in given.items() if not name.startswith("ENGBLOG_")}) == {}


def test_only_ci_isolates(tmp_path: Path) -> None:
    assert strongest({}, [tmp_path], writes=False) is NOWHERE
    assert strongest({"CI": "false"}, [tmp_path], writes=False) is NOWHERE
    found = strongest({"CI": "true"}, [tmp_path / "not there"], writes=False)
    assert found.network == can("--network")
    assert found.user is None
    assert os.geteuid() != 0 or any("run as root" in each for each in found.lacks)


LOOKS = """\
import os
import socket


def test_it():
    assert "MY_TOKEN" not in os.environ
    if {isolated}:
        assert [name for _, name in socket.if_nameindex()] == ["lo"]
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a site on its main branch, and a lab on another that is checked out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("MY_TOKEN", "x")
    monkeypatch.delenv("CI", raising=False)
    files = {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS}
    write(tmp_path, {**files, ".gitignore": ".cache\n__pycache__\n"})
    commit(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", "pull-request")
    lab = LOOKS.format(isolated=False)
    write(tmp_path, {"docs/articles/a/index.md": article(), "docs/articles/a/lab/test_a.py": lab})
    commit(tmp_path)
    return tmp_path


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["lab", "run", "a", "--no-record", *arguments])
    out, err = capfd.readouterr()
    return status, out + err


def test_code_that_main_does_not_have_needs_a_word_where_nobody_can_be_asked(
    site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status, said = run(capfd)
    assert status == 1
    assert "not on the main branch: the code of a. It runs as you" in said
    assert "--yes" in said
    assert not (site / ".cache").exists(), "nothing was run"
    assert run(capfd, "--yes")[0] == 0
    assert run(capfd)[0] == 0, "it is asked once"
    git(site, "checkout", "--quiet", "-b", "another")
    assert run(capfd)[0] == 1, "but for each branch"
    git(site, "checkout", "--quiet", "--detach")
    assert run(capfd)[0] == 1, "and for each commit without one"


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("yes", 0), ("", 1), ("n", 1), ("what?", 1)])
@pytest.mark.usefixtures("site")
def test_somebody_is_asked_and_the_answer_counts(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert run(capfd)[0] == status


def test_a_lab_as_main_has_it_is_not_asked_about(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    git(site, "branch", "--quiet", "--force", "main", "HEAD")
    assert run(capfd)[0] == 0
    (site / "docs/articles/a/lab/helper.py").write_text("")
    assert run(capfd)[0] == 1, "until its code is another"


def test_ci_asks_nobody_and_isolates(
    site: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    (site / "docs/articles/a/lab/test_a.py").write_text(LOOKS.format(isolated=can("--network")))
    status, said = run(capfd)
    assert status == 0, said
