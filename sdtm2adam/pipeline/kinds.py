"""The kinds of outputs of a study: those of this program, and those of installed packages that report.yaml names."""

from __future__ import annotations

from collections.abc import Iterable

from sdtm2adam.build.python_functions import find_function
from sdtm2adam.errors import SpecError
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.kind import OutputKind


def kinds_of(report: Report, packages: Iterable[str]) -> dict[str, OutputKind]:
    """The kinds by name.

    A kind of a study's own is one file of an installed package: `kinds: [package.module:function]` in report.yaml names
    a function without arguments that gives it. What may be called is what `python:` may call.

    Args:
        report: what the displays share.
        packages: those that study.yaml names.

    Raises:
        SpecError: there is no such function, it gives no kind, or the name of the kind is taken.
    """
    from sdtm2adam.tlf.kinds import KINDS

    kinds = dict(KINDS)
    for call in report.kinds:
        kind = find_function(call, packages)()
        if not isinstance(kind, OutputKind):
            said = f"{call} gives {type(kind).__name__}, no kind of output"
            raise SpecError(said, where=call.where, mend="return an object of a class on sdtm2adam.tlf.kind.OutputKind")
        if not kind.name or kind.name in kinds:
            said = f"the kind {kind.name!r} of {call} has a name that is {'taken' if kind.name else 'empty'}"
            raise SpecError(said, where=call.where, mend="give it another name")
        kinds[kind.name] = kind
    return kinds
