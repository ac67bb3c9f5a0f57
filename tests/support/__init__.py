"""Helpers of the tests: sites written as one string, built by the real hosts."""
