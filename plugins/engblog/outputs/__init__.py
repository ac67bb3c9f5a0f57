"""What stands beside the pages, each apart from the others."""
