"""Changes the pure packages a little, one place at a time, and says which changes no test notices.

    .venv/bin/python tools/mutate.py [PACKAGE …] [--count 40] [--seed 1] [--jobs 2]

A mutant is a copy of ``plugins/`` in which one operator, constant, condition or returned value of one module is
another. Only the module's own test, ``tests/<package>/test_<module>.py``, is run on it, for at most four times as long
as it takes on the module as it is. The sample is the same for the same seed. What survives is either a test that is
missing, or a change that makes no difference.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "plugins"
TESTS = ROOT / "tests"
PACKAGES = ("model", "html", "source", "site", "pages", "outputs", "contract")

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    module: str
    """Its path from the package: ``html/tags.py``."""
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        """``html/tags.py:12: == → !=``."""
        return f"{self.module}:{self.line}: {self.change}"


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str, object, str]]:
    """Every change that can be made: a node, its field, what takes the field's place, and how to call that."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):  # what is written of types changes nothing
        written = [getattr(node, name, None) for name in ("annotation", "returns")]
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
            written.append(node.value)
        said |= {id(part) for each in written if isinstance(each, ast.AST) for part in ast.walk(each)}
    said |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in said:
            continue
        if isinstance(node, ast.Compare):
            for other in _COMPARED[type(node.ops[0])]:
                name = f"{type(node.ops[0]).__name__} → {other.__name__}"
                yield node, "ops", [other(), *node.ops[1:]], f"{name} in {ast.unparse(node)}"
        elif isinstance(node, ast.BoolOp):
            other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, "op", other_op, f"and ↔ or in {ast.unparse(node)}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _COUNTED:
            counted = _COUNTED[type(node.op)]
            yield node, "op", counted(), f"{type(node.op).__name__} → {counted.__name__} in {ast.unparse(node)}"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "op", ast.Invert(), f"without its not: {ast.unparse(node)}"
        elif isinstance(node, ast.IfExp | ast.If | ast.While):
            negated = ast.UnaryOp(ast.Not(), node.test)
            yield node, "test", negated, f"not: {ast.unparse(node.test)}"
        elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
            yield node, "value", ast.Constant(None), f"returns None for {ast.unparse(node.value)}"
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                yield node, "value", not node.value, f"{node.value} → {not node.value}"
            elif isinstance(node.value, int | float):
                yield node, "value", node.value + 1, f"{node.value} → {node.value + 1}"
            elif isinstance(node.value, str) and node.value:
                yield node, "value", f"{node.value}XX", f"{node.value[:40]!r} with XX behind"


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutants(package: str) -> Iterator[Mutant]:
    """Every mutant of every module of *package* that has a test of its own."""
    for path in sorted((SOURCE / "engblog" / package).rglob("*.py")):
        module = path.relative_to(SOURCE / "engblog").as_posix()
        if not own_test(module).is_file():
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node, field, value, change in list(changes(tree)):
            before = getattr(node, field)
            if isinstance(value, ast.Invert):
                # `not x` is changed into `not not x`, which keeps its type.
                node_value = ast.UnaryOp(ast.Not(), node.operand)  # type: ignore[attr-defined]
                kept, node.operand = node.operand, node_value  # type: ignore[attr-defined]
                source = _unparsed(tree)
                node.operand = kept  # type: ignore[attr-defined]
            else:
                setattr(node, field, value)
                source = _unparsed(tree)
                setattr(node, field, before)
            yield Mutant(module, getattr(node, "lineno", 0), " ".join(change.split())[:100], source)


def _unparsed(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


def own_test(module: str) -> Path:
    """The test of *module*."""
    folder, _, name = module.rpartition("/")
    return TESTS / folder / f"test_{name}"


class Place:
    """A copy of the package in which one module at a time is another."""

    def __init__(self, folder: Path) -> None:
        """Copy it into *folder*."""
        self._folder = folder
        shutil.copytree(SOURCE / "engblog", folder / "engblog", ignore=shutil.ignore_patterns("__pycache__"))

    def is_noticed(self, mutant: Mutant, seconds: float) -> bool:
        """Whether the module's own test fails, or does not end."""
        target = self._folder / "engblog" / mutant.module
        before = target.read_bytes()
        target.write_text(mutant.source, encoding="utf-8")
        try:
            return self.run(mutant.module, seconds) != 0
        finally:
            target.write_bytes(before)

    def run(self, module: str, seconds: float) -> int:
        """The status of the test of *module*; 1 if it takes longer than *seconds*."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", str(own_test(module))]
        environment = os.environ | {"PYTHONPATH": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"}
        # Loading what Hypothesis knows of NumPy and others takes as long as many a test.
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return 1
        return done.returncode


def main() -> int:
    """Report each package's score and what survived; 0, whatever it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", nargs="*", default=PACKAGES, metavar="PACKAGE")
    parser.add_argument("--count", type=int, default=40, help="mutants of a package (40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engblog-mutants-") as scratch:
        places = [Place(Path(scratch) / str(number)) for number in range(options.jobs)]
        for package in options.packages:
            _report(package, options, places)
    return 0


def _report(package: str, options: argparse.Namespace, places: list[Place]) -> None:
    every = list(mutants(package))
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))  # noqa: S311  (a sample)
    spans: dict[str, float] = {}
    for module in sorted({each.module for each in chosen}):
        begun = time.monotonic()
        if places[0].run(module, 600) != 0:
            print(f"{module}: its test fails as it is; run it", file=sys.stderr)
            chosen = [each for each in chosen if each.module != module]
        spans[module] = time.monotonic() - begun

    def look(number: int) -> list[Mutant]:
        mine = chosen[number :: len(places)]
        return [each for each in mine if not places[number].is_noticed(each, 4 * spans[each.module] + 10)]

    with ThreadPoolExecutor(len(places)) as pool:
        survivors = [each for found in pool.map(look, range(len(places))) for each in found]
    noticed = len(chosen) - len(survivors)
    print(f"{package}: {noticed} of {len(chosen)} noticed, out of {len(every)} that there are", flush=True)
    for each in sorted(survivors, key=str):
        print(f"  {each}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
