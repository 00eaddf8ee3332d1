"""Kinds of expectation about what may tell who a person is, in free text: names, addresses, numbers, dates of birth.

Each pattern asks for a sign that tells a person from a drug, a place or a finding (a title, a word such as MRN, the
shape of an address), so that ordinary clinical text passes. A text without a finding may still name a person.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.validate.kinds.case import Case
from sdtm2adam.validate.records import Mask

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*"
_DATE = rf"(?:\d{{1,2}}[ ./-]?(?:\d{{1,2}}|{_MONTH})[ ./-]?(?:19|20)\d\d|(?:19|20)\d\d[./-]\d{{1,2}}[./-]\d{{1,2}})"
_PERSON = r"(?:patient|subject|pt|pat|mother|father|wife|husband|daughter|son|sister|brother|caregiver|neighbou?r)"
_NAME = r"\p{Lu}[\p{Ll}'’-]+"
_GIVEN = (
    "Alexander|Alice|Andrea|Andrew|Angela|Anna|Anthony|Antonio|Barbara|Brian|Carlos|Carmen|Catherine|Charles|Christine|"
    "Christopher|Claudia|Daniel|David|Deborah|Donald|Donna|Edward|Elena|Elizabeth|Emily|Emma|Eric|Fatima|Francesca|"
    "Francisco|Giovanni|Giuseppe|Hans|Helen|Heinz|Jacques|James|Jane|Janet|Javier|Jean|Jennifer|Jessica|John|Jonathan|"
    "José|Joseph|Juan|Julia|Karen|Katherine|Kenneth|Kevin|Klaus|Larry|Laura|Linda|Lisa|Luigi|Manuel|Margaret|Maria|"
    "Marie|Martin|Mary|Matthew|Michael|Michelle|Mohamed|Mohammed|Nancy|Nicole|Olga|Pamela|Patricia|Paul|Pedro|Peter|"
    "Philippe|Pierre|Rachel|Rebecca|Richard|Robert|Ronald|Ruth|Sandra|Sarah|Sergei|Sharon|Stephen|Steven|Susan|Teresa|"
    "Thomas|Timothy|Ursula|Walter|William|Wolfgang"
)
_EPONYM = r"(?:Disease|Syndrome|Sign|Test|Score|Index|Scale|Criteria|Method|Formula|Lymphoma|Palsy|Hospital|Clinic)"

_TELEPHONE = r"(?:tele?|telephone|phone|fax|mobile|cell(?: ?phone)?)\b\.?(?: ?(?:no|nr|number)\b\.?)?"
_REGISTER = r"(?:hospital|medical record|chart|patient|insurance|social security|passport|case file|health card)"
_NUMBER_OF = rf"(?:mrn|nhs|ssn|{_REGISTER} ?(?:file |card |id )?(?:no|nr|num|number|id|#))"
_BORN = r"(?:born|d\.?o\.?b|birth ?da(?:te|y)|date of birth|geb(?:oren)?|née?)\b\.?(?: (?:on|is|am|le))?"
_LETTERS = r"(?-i:\p{Lu}\.?-?\p{Lu}\.?(?:\p{Lu}\.?)?)"

PATTERNS: dict[str, tuple[str, ...]] = {
    "email": (r"(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}",),
    "phone": (
        r"(?:^|[^\w+])\+\d{1,3}[ .(-]{1,2}\d(?:[ .()/-]{0,2}\d){6,12}\b",
        r"(?:^|\W)\(\d{3}\) ?\d{3}[ .-]\d{4}\b",
        r"(?:^|[^\w.-])\d{3}[-. ]\d{3}[-. ]\d{4}(?:$|[^\w-])",
        rf"(?i)\b{_TELEPHONE}[:# ]{{0,3}}(?:is |at |on )?\+?\(?\d(?:[ .()/-]{{0,2}}\d){{5,13}}\b",
    ),
    "birth-date": (rf"(?i)\b{_BORN}[ :=]*{_DATE}",),
    "hospital-number": (
        rf"(?i)\b{_NUMBER_OF}[ .:#=]{{0,3}}(?:is )?[a-z]{{0,3}}[ -]?\d(?:[ /-]?\d){{4,}}\b",
        r"(?:^|[^\w-])\d{3}-\d{2}-\d{4}(?:$|[^\w-])",
    ),
    "initials": (
        rf"(?i)\binitials?(?: of (?:the )?(?:patient|subject))?[ :=.(]*(?:are |is )?{_LETTERS}(?:\W|$)",
        rf"(?i)\b{_PERSON}[ :.]+(?-i:\p{{Lu}}\. ?\p{{Lu}}\.)",
    ),
    "name": (
        rf"\b(?:Mr|Mrs|Ms|Herr|Frau|Mme|Mlle|Monsieur|Madame|Dr|Prof)\b\.? ?(?:\p{{Lu}}\. ?)?{_NAME}",
        rf"(?i)\b(?:{_PERSON}(?:['’]s)?|(?:sur|first|last|full))[ ]?name(?: is|:|=) ?(?-i:{_NAME})",
        rf"(?i)\b{_PERSON},? (?:called|named) (?-i:{_NAME})",
        rf"\b(?:{_GIVEN}) (?:\p{{Lu}}\. ?)?{_NAME}",
    ),
}
"""What may tell who a person is, by kind: regular expressions of RE2, any of which is a sign."""

_ABBREVIATION = (
    r"(?i)\b(?:i\.v|i\.m|s\.c|p\.o|p\.r|n\.p\.o|b\.i\.d|t\.i\.d|q\.i\.d|q\.d|u\.s|u\.k|e\.r|i\.c\.u|c\.t)\b\.?"
)
_NEVER = {
    "name": rf"\b(?:(?:{_GIVEN}) )?{_NAME} {_EPONYM}\b|\b(?:{_GIVEN}) {_EPONYM}\b|Paul[ -]Bunnell",
    "initials": _ABBREVIATION,
    "phone": rf"(?i)\b{_DATE}\b",
    "hospital-number": rf"(?i)\b{_DATE}\b",
}
"""What is taken out of a text before it is looked through: names of diseases and scales, abbreviations, dates."""


def is_anonymous(case: Case, variable: str) -> Mask:
    """No text holds a sign of this kind (`sign`); each distinct text is looked at once."""
    column = case.own.arrow(variable).cast(pa.string()).dictionary_encode()
    sign, texts = case.expectation.argument("sign"), column.dictionary
    if sign in _NEVER:
        texts = pc.replace_substring_regex(texts, _NEVER[sign], " ")
    found = np.zeros(len(texts), dtype=bool)
    for pattern in PATTERNS[sign]:
        found |= np.asarray(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False), dtype=bool)
    codes = pc.fill_null(column.indices, len(texts)).to_numpy(zero_copy_only=False)
    return np.asarray(np.append(found, False)[codes], dtype=bool)
