"""``python -m engblog.cli``."""

import sys

from engblog.cli import main

sys.exit(main())
