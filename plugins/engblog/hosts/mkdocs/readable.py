"""Loads the host's configuration for a command, which wants the reason in words if it cannot be used."""

from __future__ import annotations

import traceback
from typing import Any

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException


class UnreadableError(Exception):
    """The host cannot use a configuration; the message says why."""


def load(config_file: str, **given: Any) -> MkDocsConfig:
    """The configuration of the site that *config_file* describes, with the values in *given*.

    Raises :class:`UnreadableError`.
    """
    try:
        return load_config(config_file=config_file, **given)
    except (Abort, MkDocsException) as error:
        raise UnreadableError(error.format_message()) from None
    except Exception as error:  # of a hook, a plugin or a theme: name it, without a traceback
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise UnreadableError(f"{place.filename}:{place.lineno}: {type(error).__name__}: {error}") from None
