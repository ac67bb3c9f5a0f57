"""The pytest plugin for labs: fixtures for real servers, the recorder, counter-experiments, and ``--record``.

It is loaded by ``-p engblog.lab.pytest_plugin`` in ``pyproject.toml``. Without ``--record``, a run tests the claims and
writes nothing. Each ``fails_when`` mark of a test makes one more item, in which the test must fail
(:mod:`engblog.lab.counters`).
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engblog.lab.counters import MARK, CounterMark, MarkError, failed_assertion, is_meant, one_line, read_mark, states
from engblog.lab.events import EventWriter
from engblog.lab.installations import named_installation
from engblog.lab.launchers import (
    ON,
    PRODUCTS,
    Launcher,
    keeper_of,
    start_haproxy,
    start_mariadb,
    start_memcached,
    start_mysql,
    start_nats,
    start_nginx,
    start_pgbouncer,
    start_postgresql,
    start_redis,
)
from engblog.lab.ledger import Ledger
from engblog.lab.process import LabError
from engblog.lab.record import Recorder, write_record

__all__ = [
    "Launcher", "start_haproxy", "start_mariadb", "start_memcached", "start_mysql", "start_nats", "start_nginx",
    "start_pgbouncer", "start_postgresql", "start_redis",
]  # fmt: skip

_LEDGERS = pytest.StashKey[dict[Path, Ledger]]()
_OUTCOME = pytest.StashKey[dict[str, str]]()
_EVENTS = pytest.StashKey[EventWriter]()
_CHANGE = "counter_experiment"
"""Name under which an item's parameters keep its :class:`~engblog.lab.counters.CounterMark`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--record``, ``--on`` and ``--events``."""
    parser.addoption(
        "--record", action="store_true", help="write each lab's record.json when all its tests have passed"
    )
    parser.addoption(
        ON, action="append", default=[], metavar="NAME", help="run claims on the server that servers/NAME/ locks"
    )
    parser.addoption("--events", type=Path, metavar="FILE", help="write each event into FILE as a line of JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare one ledger for each lab, and register the mark."""
    config.stash[_LEDGERS] = {}
    if events := config.getoption("--events"):
        config.stash[_EVENTS] = EventWriter(events)
        config.add_cleanup(config.stash[_EVENTS].close)
    config.addinivalue_line(
        "markers",
        f"{MARK}(text, *, assertion, **changes): run the test once more with *changes*, and require that the assertion "
        "which contains *assertion* fails",
    )


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let a lab's tests import the modules next to them, even if another lab has imported one of the same name."""
    lab = collector.path.parent
    if not isinstance(collector, pytest.Module) or lab.name != "lab":
        return
    for path in lab.glob("*.py"):
        loaded = sys.modules.get(path.stem)
        if loaded is not None and getattr(loaded, "__file__", None) != str(path):
            del sys.modules[path.stem]
    sys.path[:] = [str(lab), *(each for each in sys.path if each != str(lab))]


def _ledger(config: pytest.Config, test_file: Path) -> Ledger:
    return config.stash[_LEDGERS].setdefault(test_file.parent, Ledger())


def _change(item: pytest.Item) -> CounterMark | None:
    """The counter-experiment that *item* is, or None for a plain run of a test."""
    callspec = getattr(item, "callspec", None)
    change: CounterMark | None = callspec.params.get(_CHANGE) if callspec else None
    return change


def _test_name(item: pytest.Item) -> str:
    return getattr(item, "originalname", None) or item.name


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an extra item for each ``fails_when`` of a test; the plain item keeps its name."""
    marks = list(metafunc.definition.iter_markers(MARK))
    if not marks:
        return
    changes: list[CounterMark] = []
    for mark in reversed(marks):  # from the outermost decorator to the innermost
        changes.append(_read(mark, metafunc, changes))
    metafunc.fixturenames.append(_CHANGE)
    metafunc.parametrize(_CHANGE, [None, *changes], ids=[pytest.HIDDEN_PARAM, *(change.id for change in changes)])


def _read(mark: pytest.Mark, metafunc: pytest.Metafunc, others: Sequence[CounterMark]) -> CounterMark:
    definition = metafunc.definition
    try:
        change = read_mark(mark.args, mark.kwargs, metafunc.function)
        if any(change.when == other.when for other in others):
            raise MarkError(f"two marks say {change.when!r}: describe each change in its own words")
        if not states(definition.path.parent, change.assertion):
            raise MarkError(
                f"no assert statement of this lab contains {change.assertion!r}: copy the part that must fail"
            )
    except MarkError as error:
        line = (definition.location[1] or 0) + 1
        where = f"{definition.location[0]}:{line}"
        raise pytest.Collector.CollectError(f"{where}: {MARK} of {definition.name}: {error}") from None
    return change


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """In a counter-experiment, make the change and require the failure."""
    change = _change(pyfuncitem)
    if change is None:
        return (yield)
    plain = pyfuncitem.obj
    pyfuncitem.obj = functools.partial(plain, **change.arguments)
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:
        _judge(pyfuncitem, change, error)
    else:
        pytest.fail(f"the claim still holds when {change.when}: the test does not prove it", pytrace=False)
    finally:
        pyfuncitem.obj = plain
    return True


def _judge(item: pytest.Function, change: CounterMark, error: BaseException) -> None:
    failure = failed_assertion(error, item.path.parent)
    if failure is not None and is_meant(change.assertion, failure.sources):
        _ledger(item.config, item.path).failed_as_meant(_test_name(item), change, failure)
        return
    ended = f"assert {failure.assertion}" if failure else f"{type(error).__name__}, which is not an assert of this lab"
    shown = item.repr_failure(pytest.ExceptionInfo.from_exception(error))
    pytest.fail(
        f"when {change.when}, the assertion with {change.assertion!r} should fail, but the test ended with {ended}:\n\n"
        f"{shown}",
        pytrace=False,
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note every item of a lab, because a test has passed only when all of its items have."""
    if item.path.parent.name == "lab":
        marks = sum(1 for _ in item.iter_markers(MARK))
        _ledger(item.config, item.path).expect(_test_name(item), item.nodeid, counters=marks)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another version of a server, keep the claims about that server and leave out counter-experiments."""
    names = config.getoption(ON)
    if not names:
        return
    try:
        products = {named_installation(name, config.rootpath).started_as for name in names}
    except LabError as error:
        raise pytest.UsageError(f"{ON}: {error}") from None
    kept = [item for item in items if _change(item) is None and products & {*_servers(item)}]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """Report the number of items."""
    if _EVENTS in session.config.stash:
        session.config.stash[_EVENTS].write("collected", items=len(session.items))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tell the lab's recorder which test runs, from its set-up on, and switch it off during changed runs."""
    if item.path.parent.name == "lab":
        keeper_of(item.config)
    recorder = _ledger(item.config, item.path).recorder
    recorder.running, recorder.listening = _test_name(item), _change(item) is None
    events = item.config.stash.get(_EVENTS, None)
    if events:
        events.write("started", test=_test_name(item))
    try:
        return (yield)
    finally:
        if events:
            events.write("finished", test=_test_name(item), **item.stash.get(_OUTCOME, {"outcome": "skipped"}))
        recorder.running, recorder.listening = "", True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a lab's passed tests, and remember a failed or skipped one, because such a lab gets no record."""
    report = yield
    if report.failed and call.excinfo and _OUTCOME not in item.stash:
        item.stash[_OUTCOME] = {"outcome": "failed", "said": _said(call.excinfo.value, item.path.parent)}
    elif report.passed and report.when == "call":
        item.stash[_OUTCOME] = {"outcome": "passed", "said": ""}
    if item.path.parent.name == "lab":
        ledger = _ledger(item.config, item.path)
        if report.when == "call" and report.passed:
            ledger.passed(_test_name(item), item.nodeid)
            if _change(item) is None:
                _note_passed(item, ledger.recorder)
        ledger.recorder.failed |= not report.passed
    return report


def _said(error: BaseException, lab: Path) -> str:
    """The message of a failure, on one line; for a lab's own assertion, the comparison."""
    if failure := failed_assertion(error, lab):
        return failure.seen
    kind = "" if isinstance(error, LabError) else f"{type(error).__name__}: "
    return one_line(kind + " ".join(str(error).split()))


def _note_passed(item: pytest.Item, recorder: Recorder) -> None:
    documented = inspect.getdoc(getattr(item, "function", None)) or ""
    claim = " ".join(documented.partition("\n\n")[0].split())
    line = (item.location[1] or 0) + 1
    servers = _servers(item)
    test = {"file": item.path.name, "line": line, "claim": claim}
    recorder.tests[_test_name(item)] = test | ({"servers": servers} if servers else {})


def _servers(item: pytest.Item) -> list[str]:
    """Products of the servers that *item* may start, by its own fixtures or by those that they use."""
    return sorted({PRODUCTS[name] for name in getattr(item, "fixturenames", ()) if name in PRODUCTS})


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With ``--record``, write the record of every lab whose tests all passed, unless some were not reached."""
    reached_all = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    if not session.config.getoption("--record") or not reached_all:
        return
    today = datetime.now(UTC).date().isoformat()
    for lab, ledger in session.config.stash[_LEDGERS].items():
        recorder = ledger.closed()
        if recorder.tests and not recorder.failed:
            write_record(lab, recorder, ran=today)
            if _EVENTS in session.config.stash:
                session.config.stash[_EVENTS].write("recorded")


@pytest.fixture(scope="module")
def record(request: pytest.FixtureRequest) -> Recorder:
    """The recorder of this test's lab."""
    return _ledger(request.config, request.path).recorder
