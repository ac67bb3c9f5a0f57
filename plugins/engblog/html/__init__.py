"""The only place that reads HTML."""
