"""The one root of the errors that end a command: the message says what is wrong and what to do."""


class EngblogError(Exception):
    """Something that a person can mend; shown without a traceback."""
