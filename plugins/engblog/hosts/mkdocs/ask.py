"""``python -m engblog.hosts.mkdocs.ask MKDOCS_YML``: prints the settings of a site's deployment as JSON.

For ``engblog deploy``, which does not know MkDocs: the host reads its own configuration, with ``!ENV``, ``INHERIT`` and
the changes that plugins make.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from engblog.hosts.mkdocs.deploy import deploy_settings
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.plugin import EngblogPlugin
from engblog.hosts.mkdocs.readable import UnreadableError, load


def read_config(config_file: str, **given: Any) -> tuple[MkDocsConfig, EngblogOptions]:
    """The configuration of the site that *config_file* describes, with the values in *given*, and our options in it.

    Raises :class:`UnreadableError`.
    """
    config = load(config_file, **given)
    plugin = next((each for each in config.plugins.values() if isinstance(each, EngblogPlugin)), None)
    if plugin is None:
        raise UnreadableError(f"{config_file}: `plugins` does not list the plugin `engblog`")
    return config, plugin.config


def main(config_file: str) -> int:
    """Print the settings of the site that *config_file* describes, or print on standard error why there are none."""
    try:
        config, options = read_config(config_file)
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(deploy_settings(config, options).plain()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
