"""What a command says when it cannot go on: one sentence with what to do, never a traceback."""


class CannotGoOn(Exception):
    """The command stops here; its text is one clear sentence for the person at the terminal."""
