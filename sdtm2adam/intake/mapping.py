"""A first mapping of raw forms to SDTM: what may be said from names and values alone, each line a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sdtm2adam.intake.contract_text import Proposal, quoted
from sdtm2adam.intake.domains import domain_of
from sdtm2adam.intake.matches import Match, Test, as_sql, matches_of, tests_in
from sdtm2adam.spec.standards import sdtm_datasets, sdtm_variables

_MARK_AT = 56


@dataclass(frozen=True)
class Block:
    """The records that one form may give a domain.

    `topic` is the raw column of what the record is about, where some records have none; `key` the variables that tell
    records apart. `twice` records are saved twice, the same in all columns.
    """

    form: str
    domain: str
    why: str
    matches: tuple[Match, ...]
    tests: tuple[Test, ...]
    key: tuple[str, ...]
    topic: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    twice: int = 0

    @property
    def columns(self) -> set[str]:
        """The raw columns that the block takes up."""
        taken = {column for match in self.matches for column in match.columns}
        return taken | {name for test in self.tests for name in (test.column, test.unit) if name}


def block_of(proposal: Proposal) -> tuple[Block | None, str, dict[str, str]]:
    """What a form may give, or why nothing; and the columns whose values do not fit the variable they are named for."""
    if not proposal.records:
        return None, "it has no record", {}
    if not proposal.subject:
        return None, "no column names its subjects", {}
    usable = [p for p in proposal.declared if p.name != proposal.subject]
    domain, why = domain_of(proposal.form, [p.name for p in usable])
    once = next(p for p in proposal.profiles if p.name == proposal.subject).distinct == proposal.records
    if not domain:
        return None, "no domain has columns of these names", {}
    matches, unfit = matches_of(domain, usable)
    tests = tests_in(domain, usable) if _is_findings(domain) else []
    if domain == "DM":
        if not once:
            return None, "it may belong to DM, but has several records of a subject", unfit
        if not matches:
            return None, "it may belong to DM, but no column is named as in the standard", unfit
        age = {"AGEU": "YEARS"} if any(match.variable == "AGE" for match in matches) else {}
        return Block(proposal.form, domain, why, tuple(matches), (), ("USUBJID",), constants=age), "", unfit
    return _events(proposal, domain, why, matches, tests, unfit)


def _events(
    proposal: Proposal, domain: str, why: str, matches: list[Match], tests: list[Test], unfit: dict[str, str]
) -> tuple[Block | None, str, dict[str, str]]:
    """A block of a domain with many records of a subject: it needs a topic, and something to tell records apart."""
    topic = f"{domain}TESTCD" if _is_findings(domain) else _topic(domain)
    own = next((match for match in matches if match.variable == topic), None)
    taken = {column for match in matches for column in match.columns}
    tests = [] if own else [test for test in tests if test.column not in taken]
    if own is None and not tests:
        return None, f"it may belong to {domain}, but no column is {topic}", unfit
    if not proposal.keys:
        return None, f"it may belong to {domain}, but its records cannot be told apart", unfit
    sponsor = f"{domain}SPID"
    matches = [match for match in matches if match.variable != sponsor]
    named = {column: match.variable for match in matches for column in match.columns}
    in_key = [column for column in proposal.keys[0] if column != proposal.subject]
    rest = [column for column in in_key if column not in named]
    if rest:
        matches.append(_record_name(proposal, sponsor, rest))
    dates = [match.variable for match in matches if match.variable in (f"{domain}STDTC", f"{domain}DTC")]
    first = [topic] if tests else []
    key = [*first, *dates[:1], topic, *(named[c] for c in in_key if c in named), *([sponsor] if rest else [])]
    column = own.columns[0] if own else ""
    empty = any(p.name == column and not p.always for p in proposal.profiles)
    order = [variable for dataset, variable in sdtm_variables() if dataset == domain]
    matches.sort(key=lambda match: order.index(match.variable))
    block = Block(
        form=proposal.form,
        domain=domain,
        why=why,
        matches=tuple(matches),
        tests=tuple(tests),
        key=tuple(dict.fromkeys(key)),
        topic=column if empty else "",
        twice=proposal.twice,
    )
    return block, "", unfit


def _record_name(proposal: Proposal, variable: str, columns: list[str]) -> Match:
    """The form and what names its record beside the other variables: no two records of a domain share it."""
    parts = " || '-' || ".join(_text(proposal, column) for column in columns)
    expression = f"'{proposal.form}-' || {parts}"
    return Match(variable, expression, tuple(columns), f"the form and {', '.join(columns)} name the record")


def _text(proposal: Proposal, column: str) -> str:
    profile = next(p for p in proposal.profiles if p.name == column)
    name = as_sql(column)
    text = f"cast({name} as varchar)" if profile.type in ("number", "integer") else name
    return text if profile.always else f"coalesce({text}, '')"


def _is_findings(domain: str) -> bool:
    return sdtm_datasets()[domain].klass.upper() == "FINDINGS"


def _topic(domain: str) -> str:
    return next((fact.name for (d, _), fact in sdtm_variables().items() if d == domain and fact.role == "Topic"), "")


def dataset_text(domain: str, blocks: Sequence[Block], has_site: bool, subject: Iterable[str]) -> str:
    """The spec of a domain as YAML; each line that is a guess says so, and why.

    Args:
        domain: the dataset.
        blocks: of the forms that may belong to it.
        has_site: whether study.yaml says how a subject's site is found.
        subject: the column of the subject of each block's form.
    """
    keys = list(dict.fromkeys(key for block in blocks for key in block.key))
    files = " and ".join(f"raw.{block.form}" for block in blocks)
    lines = [
        f"# PROPOSED from {files}: confirm or correct each line that says PROPOSAL, then take the word away.",
        f"dataset: {domain}",
        f"keys: [{', '.join(keys)}]",
        "",
        "records:",
    ]
    for block, column in zip(blocks, subject, strict=True):
        lines += _block_lines(block, column)
    lines += ["", "variables:" if domain != "DM" or has_site else ""]
    if domain == "DM":
        lines += [_line("  SITEID: auto", "as study.yaml says")] if has_site else []
    else:
        lines.append(_line(f"  {domain}SEQ: auto", "counts within the subject in the order of keys"))
        made = {match.variable for block in blocks for match in block.matches}
        if _is_findings(domain) and f"{domain}TEST" not in made:
            lines.append(_line(f"  {domain}TEST: auto", "the name of the test, by controlled terminology"))
        if any(block.tests for block in blocks) or f"{domain}ORRES" in made:
            why = "PROPOSAL: not in standard units yet; write a table of units, then say auto"
            lines.append(_line(f"  {domain}STRESC: {domain}ORRES", why))
            if any(test.unit for block in blocks for test in block.tests) or f"{domain}ORRESU" in made:
                lines.append(_line(f"  {domain}STRESU: {domain}ORRESU", why))
    return "\n".join(lines).rstrip("\n") + "\n"


def _block_lines(block: Block, subject: str) -> list[str]:
    lines = [_line(f"  - from: raw.{block.form}", f"PROPOSAL: {block.why}")]
    if block.topic:
        where = quoted(f"{as_sql(block.topic)} is not null")
        lines.append(_line(f"    where: {where}", "PROPOSAL: a record without it says nothing"))
    if block.twice:
        lines.append(_line("    dedupe: {by: all}", f"PROPOSAL: {block.twice:,} saved twice, the same in all columns"))
    if block.constants:
        said = ", ".join(f"{variable}: {value}" for variable, value in block.constants.items())
        lines.append(_line(f"    const: {{{said}}}", "PROPOSAL: usual, and not in the file"))
    if block.domain == "DM" or block.matches:
        lines.append("    set:")
    if block.domain == "DM":
        lines.append(_line(f"      SUBJID: {quoted(as_sql(subject))}", "PROPOSAL: the subject as the form names it"))
    lines += [_line(f"      {m.variable}: {_written(m.expression)}", f"PROPOSAL: {m.reason}") for m in block.matches]
    if block.tests:
        lines.append(_line("    unpivot:", "PROPOSAL: columns named as tests in controlled terminology"))
        for test in block.tests:
            unit = f", {block.domain}ORRESU: {quoted(as_sql(test.unit))}" if test.unit else ""
            lines.append(f"      {test.code}: {{{block.domain}ORRES: {quoted(as_sql(test.column))}{unit}}}")
        lines.append(f"    having: {block.domain}ORRES is not null")
    return lines


def _written(expression: str) -> str:
    """An expression, or a list of a date and its time, as YAML."""
    return expression if expression.startswith("[") else quoted(expression)


def _line(text: str, comment: str) -> str:
    return f"{text + '  ':{_MARK_AT}}# {comment}"
