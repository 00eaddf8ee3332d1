"""The errors all readers of files share."""

from pathlib import Path

from sdtm2adam.errors import InputError


def unreadable(path: Path, error: OSError) -> InputError:
    """A file that cannot be opened."""
    what = "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot read it ({error.strerror})"
    return InputError(what, where=str(path), mend="correct the name, or put a file there that may be read")


def empty(path: Path) -> InputError:
    """A file without a byte, or without anything but blanks."""
    return InputError("the file is empty", where=str(path), mend="get the file again from its source")


def damaged(path: Path, what: str) -> InputError:
    """A file whose records cannot be trusted."""
    return damaged_at(str(path), what)


def damaged_at(where: str, what: str) -> InputError:
    """A file whose records cannot be trusted, with the place in it."""
    return InputError(what, where=where, mend="get the file again from its source; nothing of it was used")
