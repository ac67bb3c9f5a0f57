"""The root of all errors that end a command; their messages say what is wrong and what to do."""


class EngblogError(Exception):
    """Something that a person can fix; shown without a traceback."""
