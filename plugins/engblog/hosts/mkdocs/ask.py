"""``python -m engblog.hosts.mkdocs.ask MKDOCS_YML``: prints the settings of a site's deployment as JSON.

For ``engblog deploy``, which does not know MkDocs: the host reads its own configuration, with ``!ENV``, ``INHERIT`` and
the changes that plugins make.
"""

from __future__ import annotations

import json
import sys
import traceback

from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from engblog.hosts.mkdocs.deploy import deploy_settings
from engblog.hosts.mkdocs.plugin import EngblogPlugin


def main(config_file: str) -> int:
    """Print the settings of the site that *config_file* describes, or print on standard error why there are none."""
    try:
        config = load_config(config_file=config_file)
    except (Abort, MkDocsException) as error:
        print(error.format_message(), file=sys.stderr)
        return 1
    except Exception as error:  # of a hook, a plugin or a theme: name it, without a traceback
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{place.filename}:{place.lineno}: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    plugin = next((each for each in config.plugins.values() if isinstance(each, EngblogPlugin)), None)
    if plugin is None:
        print(f"{config_file}: `plugins` does not list the plugin `engblog`", file=sys.stderr)
        return 1
    print(json.dumps(deploy_settings(config, plugin.config).plain()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
