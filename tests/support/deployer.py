"""``python -m support.deployer ROOT SITE [WAIT]``: the engine alone deploys SITE from the place in ROOT.

With WAIT, a file, it says ``ready`` when it is about to push, and pushes when that file exists.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from engblog.model.errors import EngblogError
from engblog.publish.deploy import Deployment
from engblog.publish.target import reported

from support.remotes import Place


def main(root: Path, site: Path, wait: Path | None = None) -> int:
    """Deploy; the exit status."""
    try:
        with reported():
            deployment = Deployment(Place(root).settings(), print)
            try:
                deployment.preflight()
                survey = deployment.survey(site)
                deployment.judge(survey)
                if wait is not None:
                    print("ready", flush=True)
                    while not wait.exists():
                        time.sleep(0.001)
                deployment.publish(survey)
            finally:
                deployment.close()
    except EngblogError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:])))
