"""Programs that build the site with what this package makes of it."""
