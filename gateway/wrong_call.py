"""The one error of a call that is wrong: the command line tells it in a line, with exit code 2 (4.7)."""


class WrongCall(Exception):
    """An argument that cannot be taken; the text says what to give instead."""
