"""Labs: ``lab list`` and ``lab run``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engblog.cli.commands import natural
from engblog.disk import clock
from engblog.disk.labs import LabFolder, changed_labs, consent_file, find_labs, unknown_labs
from engblog.disk.project import Project, find_project
from engblog.lab.installations import Installation
from engblog.lab.isolation import NOWHERE, Isolation, strongest
from engblog.lab.launchers import ON, PRODUCTS
from engblog.lab.progress import Progress
from engblog.lab.record import write_versions
from engblog.lab.running import Outcome, Task, run_all
from engblog.lab.versions import LabsError, Wanted, as_run, merged, other_versions, read_wanted
from engblog.model.article import Lab
from engblog.model.problems import Problems, did_you_mean, report
from engblog.source.lab_settings import LabSettings

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    lab = commands.add_parser("lab", help="run labs and record what they measured").add_subparsers(
        required=True, metavar="COMMAND"
    )
    listing = lab.add_parser("list", help="list labs, their runs, and claims without a counter-experiment")
    listing.set_defaults(run=_list)

    run = lab.add_parser("run", help="run labs, record what they measured, and run their claims on other versions")
    run.add_argument("slugs", nargs="*", metavar="SLUG", help="name of an article's folder")
    run.add_argument("--all", action="store_true", help="run every lab")
    run.add_argument("--changed", action="store_true", help="run labs that differ from their record or the main branch")
    run.add_argument("--no-record", action="store_true", help="test the claims without writing a record")
    run.add_argument(
        "--versions",
        action="append",
        default=[],
        metavar="all|PRODUCT[=VERSION]",
        help="also run the claims on other versions of their servers; an unchanged lab runs only there",
    )
    run.add_argument(
        "--jobs", type=natural, default=os.cpu_count() or 1, metavar="N", help="how many at once (%(default)s)"
    )
    run.add_argument(
        "--yes", action="store_true", help="run code that is not on the main branch without asking: you have read it"
    )
    run.set_defaults(run=_run)


def _list(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    for lab in find_labs(_articles(project)):
        recorded = lab.recorded()
        if recorded is None:
            print(f"{lab.slug}: not recorded; run: make lab ARTICLE={lab.slug}")
            continue
        against = ", ".join(f"{product} {version}" for product, version in recorded.versions)
        changed = "" if recorded.in_step else "; it has changed since"
        bare = [test for test in recorded.tests if not test.counters]
        others = ", ".join(f"{run.product} {run.version}" for run in recorded.runs)
        print(f"{lab.slug}: last run on {recorded.ran}{f' with {against}' if against else ''}{changed}")
        print(f"    {len(recorded.tests)} claims, {len(recorded.tests) - len(bare)} with a counter-experiment")
        if others:
            print(f"    run again on {others}")
        for test in bare:
            print(f"    no counter-experiment: {test.name} ({test.file}:{test.line})")
    return 0


def _run(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    labs = _chosen(options, project)
    wanted = read_wanted(options.versions)
    problems = Problems()
    settings = {lab.slug: lab.settings(problems) for lab in labs}
    if problems.found:
        print(report(problems.sorted()))
        return 1
    if not labs:
        print("no lab has changed")
        return 0
    root = project.root.resolve()
    readable = [Path(sys.executable), root, *(lab.path for lab in labs)]
    surroundings = strongest(os.environ, readable, writes=not options.no_record)
    for each in surroundings.lacks:
        print(f"note: {each}", file=sys.stderr)
    if surroundings is NOWHERE:
        _ask_about(unknown_labs(labs, root), root, options)
    session = _Session(root, settings, wanted, options, surroundings)
    return session.run(labs)


def _ask_about(labs: Sequence[LabFolder], root: Path, options: argparse.Namespace) -> None:
    """Ask once whether the code of *labs*, which is not on the main branch, may run as whoever runs this. Raises
    :class:`LabsError` if it may not, or if nobody can be asked."""
    place = consent_file(root)
    if place is None:
        return
    file, checked_out = place
    known = set(file.read_text("utf-8").splitlines()) if file.exists() else set()
    asked = [lab for lab in labs if f"{checked_out} {lab.slug}" not in known]
    if not asked:
        return
    names = ", ".join(lab.slug for lab in asked)
    said = f"not on the main branch: the code of {names}. It runs as you, with your files and your network."
    if not options.yes:
        if not sys.stdin.isatty():
            raise LabsError(f"{said} Read it, then pass --yes (make: LAB_ARGS=--yes)")
        print(said)
        if input("Have you read it, and shall it run? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise LabsError("nothing was run")
    with file.open("a", encoding="utf-8") as consent:
        consent.writelines(f"{checked_out} {lab.slug}\n" for lab in asked)


class _Session:
    """One call of ``engblog lab run``."""

    def __init__(
        self,
        root: Path,
        settings: dict[str, LabSettings],
        wanted: tuple[Wanted, ...],
        options: argparse.Namespace,
        surroundings: Isolation,
    ) -> None:
        self._surroundings = surroundings
        self._root = root
        self._settings = settings
        self._wanted = wanted
        self._options = options
        self._progress = Progress(sys.stdout)

    def run(self, labs: Sequence[LabFolder]) -> int:
        own = [lab for lab in labs if not (self._wanted and _is_recorded(lab))]
        record = () if self._options.no_record else ("--record",)
        outcomes = self._run_all([self._task(lab, "run", lab.slug, record) for lab in own])
        bad = set()
        for lab, outcome in zip(own, outcomes, strict=True):
            if not outcome.good:
                self._explain(outcome)
                bad.add(lab.slug)
            elif record and not outcome.recorded:
                self._progress.say(f"    {lab.slug} was not recorded: every test must run and pass")
                bad.add(lab.slug)
        if self._wanted and not self._run_versions([lab for lab in labs if lab.slug not in bad]):
            return 1
        return 1 if bad else 0

    def _run_versions(self, labs: Sequence[LabFolder]) -> bool:
        """Run the claims of *labs* on other versions; return True if all could be run, whatever the outcome."""
        planned: list[tuple[LabFolder, Lab, Installation]] = []
        for lab in labs:
            recorded = lab.recorded()
            if recorded is None:  # it was run without a record
                raise LabsError(f"{lab.slug} has no record of what it uses; run it without --no-record first")
            others = other_versions(recorded, self._settings[lab.slug], self._wanted, self._root)
            if not others:
                self._progress.say(f"{lab.slug}: no other version to run on")
            planned += [(lab, recorded, other) for other in others]
        tasks = [
            self._task(lab, other.name, f"{lab.slug} on {other.product} {other.version}", (ON, other.name), trial=True)
            for lab, _, other in planned
        ]
        outcomes = self._run_all(tasks)
        runs: dict[str, list[dict[str, Any]]] = {}
        lost = set()
        for (lab, _, other), outcome in zip(planned, outcomes, strict=True):
            if outcome.ran:
                runs.setdefault(lab.slug, []).append(as_run(other, outcome))
            else:
                lost.add(lab.slug)
                self._explain(outcome)
        if not self._options.no_record:
            for lab, recorded in {lab.slug: (lab, recorded) for lab, recorded, _ in planned}.values():
                if lab.slug not in lost:
                    every = merged(recorded, runs[lab.slug], self._wanted)
                    write_versions(lab.path, every, ran=clock.now().date().isoformat())
        return not lost

    def _run_all(self, tasks: list[Task]) -> list[Outcome]:
        outcomes = run_all(
            tasks, self._root, jobs=self._options.jobs, display=self._progress, isolation=self._surroundings
        )
        for outcome in outcomes:
            by_failure: dict[str, list[str]] = {}
            for test, said in outcome.said.items():
                by_failure.setdefault(said, []).append(test)
            for said, tests in by_failure.items():
                more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
                self._progress.say(f"    {outcome.task.label}: {tests[0]}{more}: {said}")
        return outcomes

    def _task(self, lab: LabFolder, name: str, label: str, options: tuple[str, ...], *, trial: bool = False) -> Task:
        log = self._root / ".cache" / "labs" / lab.slug / f"{name}.log"
        return Task(label, lab.path.resolve(), log, self._settings[lab.slug].seconds, options, trial)

    def _explain(self, outcome: Outcome) -> None:
        log = outcome.task.log.relative_to(self._root)
        self._progress.say(f"\n{outcome.task.label}: the end of {log}:\n{outcome.tail()}\n")


def _is_recorded(lab: LabFolder) -> bool:
    """True if the record of *lab* matches its files and says which servers its tests use."""
    recorded = lab.recorded()
    if recorded is None or not recorded.in_step:
        return False
    known = any(product in PRODUCTS.values() for product, _ in recorded.versions)
    return not known or any(test.servers for test in recorded.tests)


def _chosen(options: argparse.Namespace, project: Project) -> list[LabFolder]:
    labs = list(find_labs(_articles(project)))
    if sum(map(bool, (options.slugs, options.all, options.changed))) != 1:
        raise LabsError("name the articles whose labs to run, or pass --all or --changed")
    if options.all:
        return labs
    if options.changed:
        return changed_labs(labs, project.root)
    by_slug = {lab.slug: lab for lab in labs}
    for slug in options.slugs:
        if slug not in by_slug:
            hint = did_you_mean(slug, by_slug)
            raise LabsError(f"no article {slug!r} has a lab with a test_*.py" + (f"; {hint}" if hint else ""))
    return [by_slug[slug] for slug in dict.fromkeys(options.slugs)]


def _articles(project: Project) -> Path:
    return project.docs / project.settings.articles_dir
