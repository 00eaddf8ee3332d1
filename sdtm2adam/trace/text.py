"""An explanation as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.trace.story import Explanation, Step, named, shown

_WIDTH = 11


def as_text(explanation: Explanation) -> str:
    """The explanation for a person: first what is wrong with it, then the value and below it what it was made of.

    A value that is told a second time stands there with its record only.
    """
    one = explanation
    lines = [f"note: {remark}" for remark in one.changes]
    lines += [f"!! DISAGREES: {said}" for said in one.disagreements]
    if one.disagreements:
        lines.append("!! Do not trust the story below: run the study again; if it stays so, report it.")
    lines.append(f"{one.dataset}.{one.variable} = {shown(one.value)}")
    lines.append(_line(1, "record", f"{named(one.record)} (record {one.number:,} of {one.of:,})"))
    if one.origin:
        lines.append(_line(1, "made from", one.origin))
    lines += _body(one.root, 1, root=True)
    return "\n".join(lines) + "\n"


def _body(step: Step, depth: int, *, root: bool = False) -> Iterator[str]:
    for fact in step.facts:
        if not (root and fact.kind == "record" and step.name.count(".") and not step.name.startswith("raw.")):
            yield _line(depth, fact.kind, fact.text)
    for read in step.reads:
        told = "  (told above)" if read.told else ""
        yield f"{'  ' * depth}{read.name} = {shown(read.value)}{told}"
        if not read.told:
            yield from _body(read, depth + 1)
        else:
            yield from (_line(depth + 1, "record", text) for text in read.of_kind("record"))


def _line(depth: int, kind: str, text: str) -> str:
    return f"{'  ' * depth}{kind:<{_WIDTH}}{' '.join(text.split())}"
