"""Checks that a maintainer can waive by name."""

from __future__ import annotations

from engblog.contract.waivers import Check, Refusal, read_allowed, sift


def test_a_waived_check_is_told_apart() -> None:
    one, other = Refusal(Check.FORCE, "a", "b"), Refusal(Check.CNAME, "c", "d")
    assert sift([one, other], frozenset({Check.CNAME})) == ([one], [other])
    assert read_allowed(["force", "cnam"])[0] == {Check.FORCE}
