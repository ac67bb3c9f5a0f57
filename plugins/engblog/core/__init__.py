"""The article model: pure. No MkDocs, no disk, no clock, no subprocess, no global state."""
