"""Real servers for the labs that prove articles, and the record of what a run measured.

A lab is the ``lab/`` folder of an article: the code that the article shows and the tests that prove what it says.
Nothing here is a mock. Every server is the one that the operating system ships, started in a folder of its own.
"""
