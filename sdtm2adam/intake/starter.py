"""A study to start from, proposed from a folder of raw files: study.yaml, contracts, a first mapping."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sdtm2adam.intake.contract_text import Proposal, contract_text, quoted
from sdtm2adam.intake.date_forms import ISO
from sdtm2adam.intake.mapping import Block, block_of, dataset_text
from sdtm2adam.intake.matches import as_sql
from sdtm2adam.intake.pairs import CODES
from sdtm2adam.intake.survey import Survey

EDC_COLUMNS = (
    "PROJECTID", "PROJECT", "STUDYID", "STUDY", "STUDYENVID", "PROTOCOL", "SITENAME", "SITENM", "SITE", "SITEGROUP",
    "SITENUMBER", "FOLDERSEQ", "PAGESEQ", "FORM", "FORML", "FOLDERL", "RECPOS", "SAVETS", "LOCKED", "FROZEN",
    "QUERYCNT", "VERIFIED", "SIGNED", "DATAPAGEID", "INSTANCEID", "FOLDERID", "FORMID", "MINCREATED", "MAXUPDATED",
)  # fmt: skip
"""Columns that EDC systems add to every form."""
_STUDIES = ("STUDYID", "STUDY", "PROJECTID", "PROJECT", "PROTOCOL", "Protocol", "StudyID")
NOT_YET = "PROPOSAL - not mapped yet; map it, or say why it goes nowhere"


@dataclass(frozen=True)
class Starter:
    """The files of a starter study by name, and what was and was not mapped.

    `mapped` counts the columns that each dataset takes up; `unmapped` names those of each form that nothing takes up,
    with the reason where there is one; `skipped` the forms without a mapping, with the reason.
    """

    files: Mapping[str, str]
    mapped: Mapping[str, int]
    unmapped: Mapping[str, Mapping[str, str]]
    skipped: Mapping[str, str]


def housekeeping_in(forms: Mapping[str, Sequence[str]]) -> list[str]:
    """The patterns of columns that are never submitted: what EDC systems add, in most forms, and codes of answers."""
    standing = Counter(column for columns in forms.values() for column in columns)
    most = max(2, (len(forms) + 1) // 2)
    found = [column for column in EDC_COLUMNS if standing[column] >= most or (len(forms) == 1 and standing[column])]
    names = {(form, column) for form, columns in forms.items() for column in columns}
    coded = [e for e in CODES[:1] if any((f, c + e) in names for f, c in names if not c.endswith(e))]
    return [*found, *(f"*{ending}" for ending in coded)]


def propose_starter(found: Survey, data: str) -> Starter:
    """The files of a study that starts from a folder of raw files.

    Args:
        found: what the folder holds.
        data: the folder as study.yaml names it.
    """
    blocks: dict[str, list[Block]] = {}
    skipped: dict[str, str] = {}
    unmapped: dict[str, dict[str, str]] = {}
    files: dict[str, str] = {}
    dm_taken = False
    for form, proposal in found.proposals.items():
        block, why, unfit = block_of(proposal)
        if block is not None and block.domain == "DM" and dm_taken:
            block, why = None, "it may belong to DM, which another form gives already"
        if block is None:
            skipped[form] = why
        else:
            blocks.setdefault(block.domain, []).append(block)
            dm_taken |= block.domain == "DM"
        left = _left(proposal, block)
        unmapped[form] = {column: unfit.get(column, "") for column in left}
        reasons = {column: f"PROPOSAL - {unfit[column]}" if column in unfit else NOT_YET for column in left}
        files[f"specs/raw/{form}.yaml"] = contract_text(replace(proposal, not_submitted=reasons))
    site = _site(found)
    files["study.yaml"] = _study_text(found, data, site)
    for domain, several in sorted(blocks.items()):
        subjects = [found.proposals[block.form].subject for block in several]
        files[f"specs/sdtm/{domain}.yaml"] = dataset_text(domain, several, bool(site), subjects)
    mapped = {domain: sum(len(block.columns) for block in several) for domain, several in sorted(blocks.items())}
    return Starter(dict(sorted(files.items())), mapped, unmapped, skipped)


def _left(proposal: Proposal, block: Block | None) -> list[str]:
    """The columns that nothing takes up: not the subject, not a key of one column, not what the block reads."""
    taken = {proposal.subject, *(block.columns if block else ())}
    if proposal.keys and len(proposal.keys[0]) == 1:
        taken |= set(proposal.keys[0])
    return [profile.name for profile in proposal.declared if profile.name not in taken]


# --- study.yaml -----------------------------------------------------------------------------------------------------


def _study_text(found: Survey, data: str, site: str) -> str:
    study, why = _study_id(found)
    lines = [
        f"# PROPOSED from {len(found.proposals)} raw files ({found.records:,} records): confirm or correct each line",
        "# that says PROPOSAL, then take the word away.",
        _line(f"study: {quoted(study)}", f"PROPOSAL: {why}"),
        "standards: {sdtm: SDTMIG 3.4, adam: ADaMIG 1.3}",
        _line(f"data: {{raw: {quoted(data)}}}", "where the raw files lie; they are only read"),
    ]
    if found.subject:
        usubjid = found.subject if found.subject == "USUBJID" else f"'{study}-' || {as_sql(found.subject)}"
        siteid = f", siteid: {quoted(site)}" if site else ""
        lines.append(f"subject: {{column: {found.subject}, usubjid: {quoted(usubjid)}{siteid}}}")
        lines.append(f"# PROPOSAL: {_why_subject(found)}")
    lines += _date_lines(found)
    if found.housekeeping:
        listed = ", ".join(f'"{p}"' if "*" in p else p for p in found.housekeeping)
        lines.append(f"housekeeping: [{listed}]")
        lines.append("# PROPOSAL: columns of the EDC system, and codes beside answers (*_STD), go nowhere")
    return "\n".join(lines) + "\n"


def _why_subject(found: Survey) -> str:
    first, *others = found.candidates
    text = (
        f"{first.name} stands in {first.forms} of {len(found.proposals)} files, with {len(first.subjects):,} subjects"
    )
    if others:
        text += "; others were " + ", ".join(f"{c.name} (in {c.forms})" for c in others[:3])
    return text


def _study_id(found: Survey) -> tuple[str, str]:
    """The study's id, if all files that have a column for it agree."""
    values: dict[str, set[str]] = {}
    for proposal in found.proposals.values():
        for profile in proposal.profiles:
            if profile.name in _STUDIES and profile.values:
                values.setdefault(profile.name, set()).update(profile.values)
    for column in _STUDIES:
        if len(said := values.get(column, set())) == 1 and re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", text := min(said)):
            return text, f"what {column} says in all files"
    return "STUDY-01", "no column says it"


def _site(found: Survey) -> str:
    """The expression of the site over the subject, where every subject is written SITE-NUMBER; else empty."""
    if found.subjects and all(re.fullmatch(r"[A-Za-z0-9]+-[A-Za-z0-9]+", subject) for subject in found.subjects):
        return f"split_part({as_sql(found.subject)}, '-', 1)"
    return ""


def _date_lines(found: Survey) -> list[str]:
    """The forms of dates that the files have; one that no value proves is left to a person."""
    profiles = [p for proposal in found.proposals.values() for p in proposal.declared if p.forms]
    proven = {form for p in profiles if not p.ambiguous for form in p.forms}
    doubted = [p for p in profiles if p.ambiguous and not proven & set(p.forms)]
    forms = _in_order(form for form in proven if form != ISO)
    words = _in_order(word for p in profiles for word in p.unknown_words)
    said = [f"formats: [{', '.join(quoted(form) for form in forms)}]"] if forms else []
    said += [f"missing: [{', '.join(words)}]"] if words else []
    lines = (
        [_line(f"dates: {{{', '.join(said)}}}", "PROPOSAL: the forms seen; ISO 8601 is always read")] if said else []
    )
    lines += [
        f"# PROPOSAL: dates of {p.name} are {' or '.join(p.forms)}; no value tells which: say it" for p in doubted
    ]
    if len({_order_of(form) for form in forms} & {"DM", "MD"}) > 1:
        lines.append("# Beware: day first and month first both stand in the files; a date that both read is an issue.")
    return lines


def _order_of(form: str) -> str:
    return "DM" if form.startswith("DD") and "MM" in form else "MD" if form.startswith("MM") else ""


def _in_order(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts))


def _line(text: str, comment: str) -> str:
    return f"{text + '  ':<56}# {comment}"
