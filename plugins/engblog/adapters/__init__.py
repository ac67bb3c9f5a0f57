"""Hosts that render the article model. Each adapter is thin; what it adapts is in ``core`` and ``io``."""
