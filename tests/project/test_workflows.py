"""What runs on GitHub and what is installed: least rights, no secret near a pull request, every dependency by its hash.

A pull request is untrusted input. These are the mistakes by which repositories lose their tokens, each impossible here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.hosts import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.y*ml"))
LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))
ZIZMOR = str(Path(sys.executable).with_name("zizmor"))
TRIGGERS = {"push", "pull_request", "schedule", "workflow_dispatch"}
"""All that may start a workflow. Not ``pull_request_target`` or ``workflow_run``: they lend the repository's own token
and secrets to a run that a stranger's pull request started."""

Workflow = dict[Any, Any]


def read(path: Path) -> Workflow:
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def triggers(workflow: Workflow) -> set[str]:
    on = workflow[True]  # YAML 1.1 reads the key `on` as a truth value
    return {on} if isinstance(on, str) else set(on)


def steps(workflow: Workflow) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def problems(path: Path, workflow: Workflow) -> list[str]:
    """What is wrong with a workflow, a line each."""
    found = [f"started by {name}" for name in sorted(triggers(workflow) - TRIGGERS)]
    text = path.read_text()
    if re.search(r"\bsecrets\b", text):
        found.append("names secrets")
    if workflow.get("permissions") not in ({}, {"contents": "read"}):
        found.append("does not declare that it only reads")
    for name, job in workflow["jobs"].items():
        found += [f"{name}: {each}" for each in problems_of_job(job, workflow)]
    return found


def images(job: dict[str, Any]) -> list[str]:
    """The images of the containers that *job* runs in and beside, those of a matrix each."""
    every = [job.get("container"), *job.get("services", {}).values()]
    found = [each if isinstance(each, str) else each["image"] for each in every if each]
    rows = job.get("strategy", {}).get("matrix", {}).get("include", [])
    return [row["image"] for row in rows if "image" in row] + [each for each in found if "${{" not in each]


def problems_of_job(job: dict[str, Any], workflow: Workflow) -> list[str]:
    found = []
    rights = job.get("permissions", workflow.get("permissions"))
    publishes = rights == {"pages": "write", "id-token": "write"}
    if publishes:
        if "pull_request" in triggers(workflow):
            found.append("a pull request could publish")
        if [step.get("uses", "").partition("@")[0] for step in job["steps"]] != ["actions/deploy-pages"]:
            found.append("does more than to publish with a token that can")
        if job.get("environment", {}).get("name") != "github-pages":
            found.append("publishes outside of its environment")
    elif rights not in ({}, {"contents": "read"}):
        found.append(f"has the rights {rights}")
    for image in images(job):
        if not re.fullmatch(r"[\w./:-]+@sha256:[0-9a-f]{64}", image):
            found.append(f"{image} is not pinned to a digest: a tag can be moved")
    if not 0 < job.get("timeout-minutes", 0) <= 60:
        found.append("may run for hours")
    for step in job["steps"]:
        if "${{" in step.get("run", ""):
            found.append("a script has an expression in it: text of a stranger would be run; pass it as an environment")
        if uses := step.get("uses"):
            if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", uses):
                found.append(f"{uses} is not GitHub's own, or not pinned to a commit: a tag can be moved")
            if uses.startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
                found.append("leaves its token on the disk")
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_gives_strangers_nothing(path: Path) -> None:
    assert problems(path, read(path)) == []


def test_there_are_workflows_to_look_at() -> None:
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "deploy.yml", "audit.yml"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("pull_request:\n", "pull_request_target:\n"), "started by pull_request_target"),
        (("pull_request:\n", "workflow_run:\n"), "started by workflow_run"),
        (("permissions:\n  contents: read\n", ""), "does not declare that it only reads"),
        (("contents: read", "contents: write"), "does not declare that it only reads"),
        (("run: .ci/run", "run: echo ${{ github.event.pull_request.title }}"), "has an expression in it"),
        (("run: .ci/run", 'run: .ci/run\n        env: {T: "${{ secrets.T }}"}'), "names secrets"),
        (("persist-credentials: false", "fetch-depth: 0"), "leaves its token on the disk"),
        (("uses: actions/setup-node", "uses: someone/setup-node"), "is not GitHub's own, or not pinned to a commit"),
        (("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7"), "is not GitHub's own, or not pinned to a commit"),
        (("debian:12@", "debian:12 # @"), "debian:12 # @sha256"),
        (("container: ${{ matrix.image }}", "container: {image: debian:12}"), "debian:12 is not pinned to a digest"),
        (("timeout-minutes: 60", "continue-on-error: false"), "may run for hours"),
        (("runs-on: ubuntu-latest", "runs-on: ubuntu-latest\n    permissions: write-all"), "has the rights write-all"),
        (
            ("runs-on: ubuntu-latest", "runs-on: ubuntu-latest\n    permissions: {pages: write, id-token: write}"),
            "a pull request could publish",
        ),
    ],
)
def test_each_mistake_would_be_found(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = (REPOSITORY / ".github/workflows/ci.yml").read_text()
    changed = text.replace(*change)
    assert changed != text
    (tmp_path / "ci.yml").write_text(changed)
    assert said in "\n".join(problems(tmp_path / "ci.yml", read(tmp_path / "ci.yml")))


@pytest.mark.parametrize(
    ("command", "change", "said"),
    [
        (
            [ZIZMOR, "--offline", "--quiet", "--no-progress"],
            ("persist-credentials: false", "fetch-depth: 1"),
            "artipacked",
        ),
        (
            [ZIZMOR, "--offline", "--quiet", "--no-progress"],
            ("run: .ci/run", "run: echo ${{ github.event.pull_request.title }}"),
            "template-injection",
        ),
        (
            ["node", "tools/workflows.mjs"],
            ("${{ matrix.image }}", "${{ matrix.nothing }}"),
            'property "nothing" is not',
        ),
        (["node", "tools/workflows.mjs"], ("runs-on:", "run-on:"), '"runs-on" section is missing'),
    ],
)
def test_two_linters_find_what_they_are_for(
    tmp_path: Path, command: list[str], change: tuple[str, str], said: str
) -> None:
    """`make lint` runs both on the workflows as they are."""
    text = (REPOSITORY / ".github/workflows/ci.yml").read_text()
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for written, status in ((text, 0), (text.replace(*change), 1)):
        (folder / "ci.yml").write_text(written)
        done = subprocess.run([*command, str(folder)], cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert bool(done.returncode) == bool(status), done.stdout + done.stderr
    assert said in done.stdout + done.stderr


# The deployment


@pytest.fixture(scope="module")
def deploy() -> Workflow:
    return read(REPOSITORY / ".github/workflows/deploy.yml")


def test_a_deployment_that_has_begun_is_not_cancelled(deploy: Workflow) -> None:
    assert deploy["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def test_a_push_to_main_and_each_new_day_deploy_and_a_pull_request_does_not(deploy: Workflow) -> None:
    assert triggers(deploy) == {"push", "schedule", "workflow_dispatch"}
    assert deploy[True]["push"] == {"branches": ["main"]}
    assert "github.ref == 'refs/heads/main'" in deploy["jobs"]["build"]["if"]


def test_what_is_deployed_was_built_strictly_from_the_lock_and_twice(deploy: Workflow) -> None:
    runs = [step["run"] for step in deploy["jobs"]["build"]["steps"] if "run" in step]
    assert runs[-2:] == ["make build", ".venv/bin/engblog verify site"]
    makefile = (REPOSITORY / "Makefile").read_text()
    assert re.search(r"^build: .*\n\t\$\(BIN\)/mkdocs build --strict$", makefile, re.MULTILINE)


def test_what_is_served_is_compared_by_a_job_that_cannot_publish(deploy: Workflow) -> None:
    job = deploy["jobs"]["verify"]
    assert (job["needs"], job["permissions"]) == ("deploy", {"contents": "read"})
    assert job["steps"][-1]["run"].startswith('.venv/bin/engblog verify "$PAGE_URL" --commit "$GITHUB_SHA"')


# What is installed


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_a_version_with_hashes_and_comes_from_nowhere_in_particular(lock: Path) -> None:
    text = "\n".join(line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#"))
    requirements = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line]
    assert len(requirements) > 10
    for requirement in requirements:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[^\s;@]+( *--hash=sha256:[0-9a-f]{64})+ *", requirement), requirement
    assert "://" not in lock.read_text()


def test_the_sites_versions_are_those_that_the_tests_run_with() -> None:
    pinned = {lock.name: dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS}
    assert pinned["site.txt"].items() <= pinned["test.txt"].items()


def test_every_npm_package_has_its_hash_and_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_no_package_runs_a_script_of_its_own_when_npm_installs_it() -> None:
    assert "ignore-scripts=true" in (REPOSITORY / ".npmrc").read_text().split()


def test_every_install_is_from_a_lock() -> None:
    """Else it is of this project alone, and of nothing that it needs."""
    sources = [REPOSITORY / "Makefile", REPOSITORY / ".ci/run", *WORKFLOWS]
    lines = [line.strip() for source in sources for line in source.read_text().splitlines()]
    installs = [line for line in lines if re.search(r"\b(pip3?|npm|npx|pipx|uv) +(install|i|run|ci|sync)\b", line)]
    assert len(installs) >= 4
    for line in installs:
        hashed = "--require-hashes -r requirements/" in line
        ours = "--no-deps --no-build-isolation --editable ." in line
        writes_a_lock = "--package-lock-only" in line
        assert hashed or ours or writes_a_lock or "npm ci" in line, line


def test_dependabot_looks_at_everything_that_is_locked() -> None:
    updates = read(REPOSITORY / ".github/dependabot.yml")["updates"]
    assert {each["package-ecosystem"] for each in updates} == {"pip", "npm", "github-actions"}
    assert all(each["cooldown"]["default-days"] >= 7 for each in updates)
