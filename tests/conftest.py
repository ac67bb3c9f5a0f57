"""What all tests share: the helpers in ``tests/support`` and how Hypothesis looks for examples."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# pytest's importlib mode puts no folder of tests on sys.path; helpers that several folders use are imported from here.
sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ("support.verifying",)

# The gate must not depend on luck or on how busy the machine is: the same examples each time, and no deadline. To look
# for new ones: HYPOTHESIS_PROFILE=explore pytest tests/source
settings.register_profile(
    "gate", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "quick", derandomize=True, deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, max_examples=5000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

# In CI, labs run isolated and say so. Tests must see the same everywhere; those of isolation set the variable anew.
os.environ.pop("CI", None)

# Each build of a test is a whole one, so that no test sees what another has left; tests/build/test_cached_builds.py is
# about builds that are not. ENGBLOG_CACHE=on pytest … runs the others with what they keep themselves.
os.environ.setdefault("ENGBLOG_CACHE", "off")
os.environ["XDG_STATE_HOME"] = str(Path(__file__).parents[1] / ".cache" / "tests")  # not the developer's own secret


# A shell that starts the tests in the background has Ctrl-C ignored, and every program started here would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def epoch(monkeypatch: pytest.MonkeyPatch) -> str:
    """Make it noon of 1 December 2026 for everything that this test starts; return the seconds."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796126400")
    return "1796126400"
