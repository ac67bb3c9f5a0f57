"""What the lab can make its web app do wrong, each once: after that it behaves."""

from __future__ import annotations

import argparse
import os
import signal
import time


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the fault."""
    parser.add_argument("--hang-once", action="store_true", help="never answer the first POST, and do not store it")
    parser.add_argument("--swallow-reply-once", action="store_true", help="store the first POST and hang up")
    parser.add_argument("--die-between", action="store_true", help="die between two writes, or before the one commit")


def before_the_write(options: argparse.Namespace) -> None:
    """Keep the first request waiting for longer than any test lasts, if that is the fault."""
    if options.hang_once:
        options.hang_once = False
        time.sleep(3600)


def swallows_the_reply(options: argparse.Namespace) -> bool:
    """Return whether this reply is the one to be swallowed."""
    swallow = bool(options.swallow_reply_once)
    options.swallow_reply_once = False
    return swallow


def between_two_writes(options: argparse.Namespace) -> None:
    """Die as a process dies that is killed: no handler runs, nothing is flushed."""
    if options.die_between:
        os.kill(os.getpid(), signal.SIGKILL)
