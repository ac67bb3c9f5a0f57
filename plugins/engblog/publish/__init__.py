"""From a built site to readers: deploy, roll back, verify."""
