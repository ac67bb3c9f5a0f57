"""The environment for git to use the repository of its working directory, even if a hook started this process."""

from __future__ import annotations

import os

# Git sets these for its hooks, and they would make us use another repository than the one in the folder. Settings in
# the environment (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS) stay, because CI passes credentials in this way.
_OF_ANOTHER = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
        "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)  # fmt: skip


def environment_of_its_own() -> dict[str, str]:
    """The environment without the variables, such as a hook's, that make git use a repository elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
