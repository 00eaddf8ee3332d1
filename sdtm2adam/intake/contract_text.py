"""The text of a proposed contract: what was found, and in comments what was seen and is to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sdtm2adam.errors import listed
from sdtm2adam.intake.profile import ColumnProfile
from sdtm2adam.spec.reading import ReadOptions, can_say

_COMMENT_AT = 48
_PLAIN = re.compile(r"[A-Za-z0-9_.+/()<=>][A-Za-z0-9_ .+/()<=>-]*")


@dataclass(frozen=True)
class Proposal:
    """What one file was found to hold.

    `subject` is the column of the subject, empty for none; `shared` whether it is the one that study.yaml names. `keys`
    are the keys proven unique, the preferred first, among the records without the `twice` that are the same as another
    one in all columns. `apart` are housekeeping columns, which a contract need not name.
    `not_submitted` are columns with the reason why they go nowhere. `names` are the names in the file of columns that
    the contract calls otherwise, `why` tells why the file is read so, `notes` what its reader found. `within` are the
    forms of ODM that the group of items belongs to.
    """

    form: str
    file: str
    records: int
    read: ReadOptions
    profiles: tuple[ColumnProfile, ...]
    keys: tuple[tuple[str, ...], ...]
    pairs: Mapping[str, str]
    subject: str
    shared: bool
    twice: int = 0
    apart: frozenset[str] = frozenset()
    not_submitted: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    notes: tuple[str, ...] = ()
    within: frozenset[str] = frozenset()

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers of the file have a comma for the decimal point, and its contract can say so."""
        return can_say(self.file, "decimal") and any(profile.decimal_comma for profile in self.profiles)

    @property
    def declared(self) -> list[ColumnProfile]:
        """The columns that the contract names: all but housekeeping."""
        return [profile for profile in self.profiles if profile.name not in self.apart]


def contract_text(proposal: Proposal) -> str:
    """The contract as YAML, the same for the same file."""
    looked_at = f"{_counted(proposal.records, 'record')} in {_counted(len(proposal.profiles), 'column')}"
    lines = [
        f"# Proposed from {proposal.file}: all values of {looked_at} were looked at. Read it and complete it",
        "# from the form (answers not given yet, what must be filled). raw init changes it no more without --force.",
        f"file: {quoted(proposal.file)}",
    ]
    lines += _read_lines(proposal)
    lines += [f"# Found: {' '.join(note.split())}" for note in proposal.notes]
    if proposal.names:
        lines.append("names:")
        lines += [f"  {column}: {quoted(name)}" for column, name in proposal.names.items()]
    lines += _key_lines(proposal)
    if not proposal.subject:
        lines.append(_line("subject: none", "no column holds the subjects of the other forms"))
    elif not proposal.shared:
        lines.append(_line(f"subject: {proposal.subject}", "its values are the subjects of the other forms"))
    if proposal.declared:
        lines.append("columns:")
        lines += [_column_line(proposal, profile) for profile in proposal.declared]
    if proposal.not_submitted:
        lines.append("not_submitted:")
        lines += [f"  {column}: {quoted(reason)}" for column, reason in proposal.not_submitted.items()]
    if proposal.apart:
        lines.append(f"# Housekeeping by study.yaml, not named here: {', '.join(_apart(proposal))}")
    return "\n".join(lines) + "\n"


def _apart(proposal: Proposal) -> list[str]:
    return [profile.name for profile in proposal.profiles if profile.name in proposal.apart]


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _read_lines(proposal: Proposal) -> list[str]:
    said = _part_said(proposal.read)
    if proposal.read.encoding not in (None, "utf-8"):
        said.append(f"encoding: {proposal.read.encoding}")
    if proposal.read.delimiter != ",":
        said.append(f'delimiter: "{_escaped(str(proposal.read.delimiter))}"')
    if proposal.decimal_comma:
        said.append('decimal: ","')
    if not said:
        return []
    why = "" if proposal.read.part else "as the bytes look: confirm it with who made the file"
    return [_line(f"read: {{{', '.join(said)}}}", proposal.why or why)]


def _part_said(read: ReadOptions) -> list[str]:
    """What tells the part of a file that holds several."""
    said = []
    if read.sheet is not None:
        said.append(f"sheet: {quoted(read.sheet)}")
    if read.header != (1,):
        rows = [str(row) for row in read.header]
        said.append(f"header: {rows[0] if len(rows) == 1 else _listed(rows)}")
    if read.oid is not None:
        said.append(f"oid: {quoted(read.oid)}")
    return said


def _escaped(sign: str) -> str:
    return "\\t" if sign == "\t" else sign


def _key_lines(proposal: Proposal) -> list[str]:
    if not proposal.keys:
        if not proposal.records:
            return ["# key: the file has no record yet; name the columns that tell records apart"]
        return ["# key: no columns were found that tell all records apart"]
    first, *others = proposal.keys
    if proposal.twice:
        twice = f"{_counted(proposal.twice, 'record')} {'is' if proposal.twice == 1 else 'are'} saved twice"
        return [f"# key: {_listed(first)} would be one, but {twice}, the same in all columns"]
    also = (
        f"; so {'is' if len(others) == 1 else 'are'} {' and '.join(_listed(key) for key in others)}" if others else ""
    )
    return [_line(f"key: {_listed(first)}", f"unique in all {_counted(proposal.records, 'record')}{also}")]


def _listed(key: Iterable[str]) -> str:
    return f"[{', '.join(key)}]"


def _column_line(proposal: Proposal, profile: ColumnProfile) -> str:
    code = proposal.pairs.get(profile.name)
    said = []
    if profile.type != "text" and not _unsaid(proposal, profile):
        said.append(f"type: {profile.type}")
    if profile.always:
        said.append("required: true")
    if _closed(profile):
        said.append(f"values: [{', '.join(quoted(answer) for answer in profile.answers)}]")
    if code:
        said.append(f"pair: {code}")
    return _line(f"  {profile.name}: {{{', '.join(said)}}}", "; ".join(_comments(proposal, profile)))


def _unsaid(proposal: Proposal, profile: ColumnProfile) -> bool:
    """Whether the numbers of a column have a decimal comma that the contract cannot declare."""
    return profile.decimal_comma and not proposal.decimal_comma


def _closed(profile: ColumnProfile) -> bool:
    """Whether the values seen may be all the answers of a form: two or more, or a box that is ticked or not."""
    ticked = profile.answers == ("1",) and not profile.always
    return ticked or (profile.type == "text" and len(profile.answers) > 1 and not profile.nearly)


def _comments(proposal: Proposal, profile: ColumnProfile) -> list[str]:
    if not profile.filled:
        return ["never filled"]
    found = []
    if _unsaid(proposal, profile):
        found.append("texts of numbers with a decimal comma, which read: cannot say for such a file: kept as text")
    if profile.forms and not profile.nearly:
        how = " or ".join(profile.forms) if profile.ambiguous else " and ".join(profile.forms)
        found.append(how + (": no value tells which" if profile.ambiguous else ""))
    if profile.unknown_words:
        found.append(f"unknown parts are {', '.join(profile.unknown_words)}")
    if profile.nearly:
        dates = f"dates {profile.forms[0]}" if profile.forms else "dates"
        kind = {"number": "numbers", "time": "times", "date": dates}[profile.nearly]
        found.append(f"nearly all are {kind}, but: {_shown(profile.others)}")
    if profile.leading_zeros:
        found.append(f"numbers, but some begin with 0, as those of identifiers do: {_shown(profile.leading_zeros)}")
    if len(profile.answers) == 1 and not _closed(profile):
        found.append(f"only {profile.answers[0]!r} so far")
    owner = next((answer for answer, code in proposal.pairs.items() if code == profile.name), "")
    if owner:
        found.append(f"the code of {owner}")
    if not profile.always:
        found.append(f"{profile.filled:,} of {profile.records:,} filled")
    elif not profile.answers and profile.type == "text" and profile.distinct > 1:
        found.append(f"{profile.distinct:,} values")
    return found


def _shown(values: Sequence[str]) -> str:
    return listed([repr(value[:30]) for value in values], 3)


def _line(text: str, comment: str) -> str:
    clean = " ".join(comment.split())
    return f"{text + '  ':{_COMMENT_AT}}# {clean}" if clean else text


def quoted(text: str) -> str:
    """A text as a YAML scalar: plain where it can be, else in double quotes.

    >>> quoted("Not related"), quoted("a: b"), quoted("-1"), quoted('say "x"')
    ('Not related', '"a: b"', '"-1"', '"say \\\\"x\\\\""')
    """
    special = {"", "~", "null"}
    if _PLAIN.fullmatch(text) and text not in special and text == text.strip() and not text.startswith((">", "=")):
        return text
    body = "".join(_character(c) for c in text)
    return f'"{body}"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return (
        character
        if character.isprintable()
        else f"\\u{ord(character):04x}"
        if ord(character) < 0x10000
        else (f"\\U{ord(character):08x}")
    )
