"""Counter-experiments: a claim's test must fail by its own assertion when what the claim is about is changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.labs import run_labs

HEAD = "import pytest\n\n\n"
CLAIM = HEAD + (
    '@pytest.mark.fails_when("`hz` is 500", assertion="left > 40", hz=500)\n'
    "def test_keys_are_left(record, hz=10):\n"
    '    """Keys are left."""\n'
    "    left = 1000 / hz\n"
    '    record.number("left", left, note="n")\n'
    "    assert left > 40\n"
)


def marked(mark: str, body: str, signature: str = "x=1") -> str:
    return f"{HEAD}@pytest.mark.fails_when({mark})\ndef test_it({signature}):\n    {body}\n"


def record_of(root: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((root / "lab/record.json").read_text())
    return record


def run(root: Path, test: str, *arguments: str, **files: str) -> subprocess.CompletedProcess[str]:
    more = {f"lab/{name}.py": text for name, text in files.items()}
    return run_labs(root, {"lab/test_a.py": test, **more}, *arguments)


def test_a_claim_that_fails_as_its_author_said_is_recorded_with_what_was_seen(tmp_path: Path) -> None:
    done = run(tmp_path, CLAIM, "--record", "-vv")
    assert done.returncode == 0, done.stdout
    assert "test_a.py::test_keys_are_left PASSED" in done.stdout
    assert "test_a.py::test_keys_are_left[but hz is 500] PASSED" in done.stdout
    record = record_of(tmp_path)
    assert record["tests"] == {
        "test_keys_are_left": {
            "file": "test_a.py",
            "line": 4,
            "claim": "Keys are left.",
            "counters": [{"when": "`hz` is 500", "assertion": "left > 40", "seen": "assert 2.0 > 40"}],
        }
    }
    assert record["numbers"]["left"] == {"value": 100.0, "text": "100", "note": "n", "test": "test_keys_are_left"}


def test_a_claim_that_still_holds_under_the_change_fails(tmp_path: Path) -> None:
    done = run(tmp_path, CLAIM.replace("hz=500", "hz=20"), "--record")
    assert done.returncode == 1
    assert "the claim still holds when `hz` is 500: the test does not prove it" in done.stdout
    assert not (tmp_path / "lab/record.json").exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("assert x == 1, 'odd'\n    assert x < 2", "ended with assert x == 1"),
        ("1 / (2 - x)\n    assert x < 2", "ended with ZeroDivisionError, which is not an assert of this lab"),
        ("y = {1: 1}[x]\n    assert x < 2", "ended with KeyError"),
        ("pytest.fail('assert x < 2') if x > 1 else 0\n    assert x < 2", "ended with Failed"),
        ("with pytest.raises(ValueError):\n        int('a' if x < 2 else '1')\n    assert x < 2", "ended with Failed"),
        (
            "if x > 1:\n        raise AssertionError('x < 2')\n    assert x < 2",
            "ended with AssertionError, which is not an assert of this lab",
        ),
        (
            "import unittest\n    unittest.TestCase().assertLess(x, 2)\n    assert x < 2",
            "ended with AssertionError, which is not an assert of this lab",
        ),
    ],
)
def test_only_the_assertion_that_the_mark_names_will_do(tmp_path: Path, body: str, said: str) -> None:
    done = run(tmp_path, marked('"x is 2", assertion="x < 2", x=2', body), "--record")
    assert done.returncode == 1
    assert "when x is 2, the assertion with 'x < 2' should fail, but the test ended with" in done.stdout
    assert said in done.stdout
    assert "test_a.py:" in done.stdout  # the failure itself is shown
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("named", "assertion", "recorded"),
    [
        ("x<2", "assert x < 2, 'too many'", "x < 2"),
        ("x < 2 and x", "assert (\n        x < 2  # a few\n        and x > 0\n    )", "x < 2 and x > 0"),
        ("assert x < 2_000", "assert x < 2_000", "x < 2_000"),
        ("'n' in str(x)", 'assert "n" in str(x)', '"n" in str(x)'),
        ("x < 3", "assert x; assert x < 3", "x < 3"),
        ("not x", "assert x == 1 or not x, 'a'; assert x == 1", "x == 1 or not x"),
    ],
)
def test_an_assertion_is_known_by_any_part_however_it_is_laid_out(
    tmp_path: Path, named: str, assertion: str, recorded: str
) -> None:
    signature = "x='n'" if "str" in named else "x=1"
    test = marked(f'"x is another", assertion="{named}", x=5_000', assertion, signature)
    done = run(tmp_path, test, "--record")
    assert done.returncode == 0, done.stdout
    (counter,) = record_of(tmp_path)["tests"]["test_it"]["counters"]
    assert counter["assertion"] == recorded


def test_an_assertion_in_a_helper_of_the_lab_will_do_and_one_outside_will_not(tmp_path: Path) -> None:
    helper = "def check(x):\n    assert x < 2\n"
    path = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent))\n"
    test = marked('"x is 2", assertion="x < 2", x=2', "from helper import check\n    check(x)")
    done = run(tmp_path / "in", test, "--record", conftest=path, helper=helper)
    assert done.returncode == 0, done.stdout
    (counter,) = record_of(tmp_path / "in")["tests"]["test_it"]["counters"]
    assert counter["seen"] == "assert x < 2"  # pytest does not rewrite helpers, so that there is no message

    outside = {
        "lab/conftest.py": path.replace("Path(__file__).parent", "Path(__file__).parent.parent"),
        "helper.py": helper,
        "lab/test_a.py": test + "    assert x < 2\n",
    }
    done = run_labs(tmp_path / "out", outside)
    assert "ended with AssertionError, which is not an assert of this lab" in done.stdout


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('assertion="x < 2", x=2', "describe the change"),
        ('" ", assertion="x < 2", x=2', "describe the change"),
        ('"a", "b", assertion="x < 2", x=2', "describe the change"),
        ('"x is 2", x=2', "quote part of the assertion that must fail when x is 2"),
        ('"x is 2", assertion="", x=2', "quote part of the assertion that must fail when x is 2"),
        ('"x is 2", assertion="x < 2"', "pass the test's argument that changes when x is 2"),
        (
            '"x is 2", assertion="x < 2", limi=2',
            "'limi' is not an argument with a default that a mark can change; did you mean 'limit'?",
        ),
        ('"x is 2", assertion="x < 2", zzz=2', "that a mark can change; choose from: x, limit"),
        ('"x is 2", assertion="x < 2", tmp_path=2', "'tmp_path' is not an argument with a default"),
        ('"x is 2", assertion="x < 2", x=1', "x=1 is already the default"),
        ('"x is 2", assertion="x > 2", x=2', "no assert statement of this lab contains 'x > 2'"),
    ],
)
def test_a_mark_that_makes_no_experiment_is_an_error_with_its_place_and_remedy(
    tmp_path: Path, mark: str, said: str
) -> None:
    done = run(tmp_path, marked(mark, "assert x < 2", "tmp_path, x=1, limit=3"))
    assert done.returncode == 2
    assert "lab/test_a.py:4: fails_when of test_it: " in done.stdout
    assert said in done.stdout


def test_two_marks_of_one_text_are_an_error(tmp_path: Path) -> None:
    mark = '@pytest.mark.fails_when("x is 2", assertion="x < 2", x=2)\n'
    done = run(tmp_path, f"{HEAD}{mark}{mark}def test_it(x=1):\n    assert x < 2\n")
    assert "two marks say 'x is 2'" in done.stdout


def test_a_test_without_a_default_to_change_is_told_to_add_one(tmp_path: Path) -> None:
    done = run(tmp_path, marked('"x is 2", assertion="True", x=2', "assert True", ""))
    assert "the test has none: add one" in done.stdout


MANY = HEAD + (
    '@pytest.fixture(scope="module")\n'
    "def base(record):\n"
    '    record.version("Base", "1")\n'
    "    return 10\n\n\n"
    "@pytest.fixture\n"
    "def mine(record):\n"
    "    return record.running\n\n\n"
    "class TestAll:\n"
    '    @pytest.mark.fails_when("x is 2", assertion="x < 2", x=2)\n'
    '    @pytest.mark.parametrize("n", [1, 2])\n'
    '    @pytest.mark.fails_when("`y` is off", assertion="y and n", y=False)\n'
    "    def test_it(self, base, mine, record, n, x=1, y=True):\n"
    '        """It."""\n'
    '        assert mine == "test_it" == record.running\n'
    '        record.sample("n", n, note="n")\n'
    "        assert base == 10\n"
    "        assert x < 2\n"
    "        assert y and n, f'no y at 127.0.0.1:{4000 + n}, /tmp/a{n}/b, port {n}, {object()}'\n"
)


def test_marks_can_be_stacked_and_combined_with_parameters_fixtures_and_classes(tmp_path: Path) -> None:
    done = run(tmp_path, MANY, "--record", "-vv")
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
    assert "TestAll::test_it[1] PASSED" in done.stdout
    assert "TestAll::test_it[1-but y is off] PASSED" in done.stdout
    record = record_of(tmp_path)
    assert record["tests"]["test_it"]["counters"] == [
        {"when": "x is 2", "assertion": "x < 2", "seen": "assert 2 < 2"},
        {
            "when": "`y` is off",
            "assertion": "y and n",
            "seen": "no y at 127.0.0.1:…, …, port …, <object object at 0x…>: assert (False)",
        },
    ]
    assert record["numbers"]["n"]["samples"] == [1, 2]
    assert record["versions"] == {"Base": "1"}


def test_a_long_message_is_cut(tmp_path: Path) -> None:
    test = marked('"x is 2", assertion="x < 2", x=2', "assert x < 2, 'word ' * 99")
    assert run(tmp_path, test, "--record").returncode == 0
    (counter,) = record_of(tmp_path)["tests"]["test_it"]["counters"]
    assert len(counter["seen"]) <= 200
    assert counter["seen"].endswith("word…")


def test_a_test_is_recorded_only_with_all_of_its_counter_experiments(tmp_path: Path) -> None:
    files = CLAIM + "\n\ndef test_other():\n    pass\n"
    assert run(tmp_path, files, "--record", "-k", "not but").returncode == 0
    assert list(record_of(tmp_path)["tests"]) == ["test_other"]
    assert run(tmp_path, files, "--record", "lab/test_a.py::test_keys_are_left[but hz is 500]").returncode == 0
    assert list(record_of(tmp_path)["tests"]) == ["test_other"]
    assert run(tmp_path, files, "--record").returncode == 0
    assert list(record_of(tmp_path)["tests"]) == ["test_keys_are_left", "test_other"]


def test_a_skip_in_a_counter_experiment_is_a_skip_and_leaves_no_record(tmp_path: Path) -> None:
    body = "if x > 1:\n        pytest.skip('not here')\n    assert x < 2"
    done = run(tmp_path, marked('"x is 2", assertion="x < 2", x=2', body), "--record")
    assert "1 passed, 1 skipped" in done.stdout
    assert not (tmp_path / "lab/record.json").exists()


def test_a_record_says_which_servers_a_test_may_start(tmp_path: Path) -> None:
    test = (
        "import pytest\n\n\n@pytest.fixture\ndef db(start_mariadb):\n    pass\n\n\n"
        "def test_one(start_redis, cache):\n    pass\n\n\ndef test_two(db):\n    pass\n\n\ndef test_none():\n    pass\n"
    )
    conftest = "import pytest\n\n\n@pytest.fixture\ndef cache(start_postgresql):\n    pass\n"
    assert run(tmp_path, test, "--record", conftest=conftest).returncode == 0
    tests = record_of(tmp_path)["tests"]
    assert tests["test_one"]["servers"] == ["PostgreSQL", "Redis"]
    assert tests["test_two"]["servers"] == ["MariaDB"]
    assert "servers" not in tests["test_none"]
