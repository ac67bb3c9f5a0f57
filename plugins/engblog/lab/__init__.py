"""Real servers for the labs that verify articles, and the record of a run's measurements.

A lab is the ``lab/`` folder of an article: the code that the article shows and the tests that verify its claims.
Nothing here is a mock. Every server is the one that the operating system ships, started in its own folder.
"""
