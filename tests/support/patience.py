"""How long tests wait for what must happen: longer than any machine takes, so that only what never happens fails."""

from __future__ import annotations

PATIENCE = 120
"""Seconds."""
