"""An audit that could not ask must not look like one that found nothing."""

from __future__ import annotations

import json

import pytest

from tools.audit import NOT_ASKED, read_npm_audit, read_pip_audit

FINE = {"name": "jinja2", "version": "3.1.6", "vulns": []}
SKIPPED = {"name": "babel", "skip_reason": "Dependency not found on PyPI and could not be audited: babel (2.18.0)"}
BAD = {
    "name": "requests",
    "version": "2.0.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"], "aliases": ["CVE-1"], "description": "…"},
        {"id": "GHSA-2", "fix_versions": [], "aliases": [], "description": "…"},
    ],
}


def pip(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def npm(severity: str | None) -> str:
    found = {"left-pad": {"name": "left-pad", "severity": severity, "range": "<1.3", "via": []}} if severity else {}
    return json.dumps({"vulnerabilities": found, "metadata": {"dependencies": {"total": 71}}})


def test_no_vulnerability_known_is_status_0() -> None:
    outcome = read_pip_audit("site.txt", pip(FINE), "No known vulnerabilities found")
    assert (outcome.status, outcome.lines()) == (
        0,
        ["site.txt: 1 packages asked about, 0 not: none is known to be vulnerable"],
    )
    assert read_npm_audit("package-lock.json", npm(None), "").status == 0


def test_a_vulnerability_is_status_1_and_named_with_what_mends_it() -> None:
    outcome = read_pip_audit("site.txt", pip(FINE, BAD, SKIPPED), "")
    assert outcome.status == 1
    assert outcome.lines()[1:3] == [
        "  requests 2.0.0: PYSEC-1, mended in 2.1, 3.0",
        "  requests 2.0.0: GHSA-2, not mended yet",
    ]


def test_a_package_that_was_not_found_is_not_taken_for_safe() -> None:
    """pip-audit 2.10 ends with status 0 then, and says that no vulnerabilities are known."""
    outcome = read_pip_audit(
        "site.txt", pip(SKIPPED, SKIPPED, SKIPPED, SKIPPED, FINE), "No known vulnerabilities found"
    )
    assert outcome.status == NOT_ASKED
    assert outcome.lines()[0] == "site.txt: 1 packages asked about, 4 not: NOT AUDITED"
    assert outcome.lines()[-1] == "  … and 1 more"


@pytest.mark.parametrize("output", ["", "{}", "null", "[]", "<html>", '{"dependencies": null}', '{"dependencies": []}'])
def test_no_answer_is_not_taken_for_a_good_one(output: str) -> None:
    assert read_pip_audit("site.txt", output, "ERROR: no route to host\n").status == NOT_ASKED
    assert read_npm_audit("package-lock.json", output, "npm error network\n").status == NOT_ASKED


def test_npm_says_what_kept_it_from_asking() -> None:
    output = json.dumps({"message": "405 Method Not Allowed - POST somewhere", "statusCode": 405})
    assert read_npm_audit("package-lock.json", output, "").lines()[-1] == "  not asked about: 405 Method Not Allowed"


@pytest.mark.parametrize(("severity", "status"), [("low", 0), ("moderate", 0), ("high", 1), ("critical", 1)])
def test_of_npm_a_high_severity_ends_the_audit(severity: str, status: int) -> None:
    assert read_npm_audit("package-lock.json", npm(severity), "").status == status
