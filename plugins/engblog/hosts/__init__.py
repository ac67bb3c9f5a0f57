"""Programs that build the site from this package's data."""
