"""The tree of errors. Each says what is wrong, where, and how to mend it.

    Sdtm2adamError
    ├── UsageError      a command was called in a way that cannot work          exit 2
    ├── SpecError       a spec or study.yaml is wrong; found before data is read  exit 2
    │   └── SpecErrors  all of them at once
    ├── InputError      input data that stops the run                           exit 3
    │   └── InputErrors all of them at once
    └── InternalError   our own mistake                                         exit 4

Errors stop. Data problems that do not stop are `Issue`s (`sdtm2adam.model.issue`).
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager


class Sdtm2adamError(Exception):
    """Root of the tree: what is wrong, where, and how to mend it."""

    exit_code = 4

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole message, as the command line prints it."""
        return f"{self.where}: {self.what}\n    to mend: {self.mend}"


class UsageError(Sdtm2adamError):
    """A command or function was called in a way that cannot work."""

    exit_code = 2


class SpecError(Sdtm2adamError):
    """A spec, a contract or study.yaml is wrong. `titled`: it says which variable or rows it is about."""

    exit_code = 2
    titled = False


class InputError(Sdtm2adamError):
    """Input data that stops the run."""

    exit_code = 3


class InternalError(Sdtm2adamError):
    """A mistake of sdtm2adam itself."""

    exit_code = 4


class _Many:
    """Several errors of one kind, told together."""

    def __init__(self, errors: Iterable[Sdtm2adamError]) -> None:
        self.errors: tuple[Sdtm2adamError, ...] = tuple({error.message: error for error in errors}.values())

    @property
    def message(self) -> str:
        """All messages, one after the other."""
        return "\n".join(error.message for error in self.errors)

    def __str__(self) -> str:
        return self.message


class SpecErrors(_Many, SpecError):  # noqa: N818 - many errors, said in the plural
    """All errors of all specs, found before data is read."""


@contextmanager
def gathering(errors: list[Sdtm2adamError]) -> Iterator[None]:
    """What is wrong with the specs inside goes into `errors`, to be told together with what else is found.

    >>> found = []
    >>> with gathering(found):
    ...     raise SpecErrors([SpecError("a", where="", mend=""), SpecError("b", where="", mend="")])
    >>> len(found)
    2
    """
    try:
        yield
    except SpecErrors as several:
        errors.extend(several.errors)
    except SpecError as error:
        errors.append(error)


class InputErrors(_Many, InputError):  # noqa: N818
    """All errors of the input data that stop the run."""


def named(error: SpecError, title: str) -> SpecError:
    """An error with the variable or rows it is about; as it is where it says so already, or is of the study.

    >>> named(SpecError("no map 'X'", where="a.yaml:3", mend="m"), "ADSL.AGE").what
    "ADSL.AGE: no map 'X'"
    >>> named(SpecError("ADSL.AGE: no map 'X'", where="a.yaml:3", mend="m"), "ADSL.AGE").what
    "ADSL.AGE: no map 'X'"
    """
    if isinstance(error, SpecErrors) or error.titled or title in error.what:
        return error
    if error.where.split(":")[0].endswith(("study.yaml", ".csv")):
        return error
    variable = title.rsplit(".", 1)[-1]
    what = error.what.removeprefix(f"{variable}: ")
    titled = type(error)(f"{title}: {what}", where=error.where, mend=error.mend)
    titled.titled = True
    return titled


def nearest(name: str, known: Iterable[str], *, most: int = 1) -> str:
    """A hint with the known names nearest to a wrong one.

    >>> nearest("AEG", ["AGE", "SEX"])
    'did you mean AGE?'
    >>> nearest("QQQ", ["AGE"])
    'known: AGE'
    """
    names = sorted(set(known))
    by_upper = {known_name.upper(): known_name for known_name in reversed(names)}
    close = difflib.get_close_matches(name.upper(), by_upper, n=max(most, 8), cutoff=0.6)
    likeness = {word: difflib.SequenceMatcher(None, word, name.upper()).ratio() for word in close}
    close = sorted(close, key=lambda word: (-likeness[word], abs(len(word) - len(name)), word))[:most]
    if close:
        return f"did you mean {' or '.join(by_upper[upper] for upper in close)}?"
    return f"known: {listed(names)}" if names else "none is known here"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in one line, cut after `most`.

    >>> listed(["A", "B", "C"], most=2)
    'A, B and 1 more'
    """
    head = ", ".join(names[:most])
    return head if len(names) <= most else f"{head} and {len(names) - most} more"
