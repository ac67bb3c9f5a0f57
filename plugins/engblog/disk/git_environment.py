"""The environment of a git that looks at the folder it is started in, whatever started us."""

from __future__ import annotations

import os

# What git sets for its hooks: it would make us look at another repository than the one in the folder. Settings that
# come by environment (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS) stay: CI passes credentials so.
_OF_ANOTHER = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
        "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)  # fmt: skip


def environment_of_its_own() -> dict[str, str]:
    """The environment without what makes git look elsewhere than in the folder it is started in, as a hook's does."""
    return {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
