"""Checks that the finished site keeps its promises."""
