"""Labels and texts: words no list has, blanks and capitals, codes of other labels, unfit reasons, long texts."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.codes import code_list
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.streams import Bools
from sdtm2adam.simulate.text import Text, choose, join

_OWN_WORDS = {"GRADE": ("Grade ", "Gr "), "AERELINO": ("^.*$", "possibly"), "AERELSC": ("^.*$", "possibly")}
_TEXTS = {
    "AE": ("AETERM", "GRADE", "AEOUT", "AEONGO", "AESER"),
    "CM": ("CMTRT", "CMINDC", "CMONGO"),
    "MH": ("MHTERM", "MHONGO"),
    "EX_INO": ("EXYN", "EXADJ"),
    "RESP": ("RESP",),
    "VS": ("TEMPLOC",),
}
_GATES = {"AEYN", "CMYN", "MHYN", "FTYN", "PHYN", "CYDONE", "RSYN", "GCSF", "TFYN", "DVYN"}
_CRITERIA = ("SDTH", "SLIFE", "SHOSP", "SDISAB", "SCONG", "SMIE")
_SEEN_OFTEN = 8
"""A label has as many records at least before one of them gets another code: then the usual code is known."""

_CLONES = "/" + "/".join(f"4{k},XY,del({k})(p1{k}),+mar{k}[{k}],inc,idem,add({k})(q2{k})" for k in range(2, 9))
_STORY = (
    " The site was asked twice, answered by telephone, and has documented the reasons and the measures in the file."
)


def own_words(scene: Scene) -> None:
    """Half a percent of events have `Gr 3` or `possibly` where the list says Grade 3 and Related."""
    for column, (pattern, word) in _OWN_WORDS.items():
        if scene.has("AE", column):
            could = scene.known("AE", column) & ~scene.equals("AE", "AEOUT", "Fatal")
            rows = scene.choose("AE", could, 0.002, part=column)
            values = scene.column("AE", column).take(pa.array(rows))
            scene.change("AE", rows, column, pc.replace_substring_regex(values, pattern, word))


def untidy_texts(scene: Scene) -> None:
    """3 % of records have a text with blanks too many, blanks that do not break, or other capitals."""
    for form, columns in _TEXTS.items():
        names = [column for column in columns if scene.has(form, column)]
        if not names:
            continue
        could = np.logical_or.reduce([scene.known(form, column) for column in names])
        rows = scene.choose(form, could, 0.03)
        u = scene.uniform(form, 2, "which")[rows]
        which = np.floor(u[:, 0] * len(names)).astype(np.int64)
        for number, column in enumerate(names):
            here = rows[(which == number) & scene.known(form, column)[rows]]
            lot = u[(which == number) & scene.known(form, column)[rows], 1]
            scene.change(form, here, column, untidy(scene.column(form, column).take(pa.array(here)), lot))


def untidy(clean: Text, lot: np.ndarray) -> Text:
    """The same text: with blanks at an end, doubled blanks, no-break spaces, or in capitals; by lot from 0 to 1.

    >>> untidy(pa.array(["Not related", "Yes"]), np.array([0.3, 0.9])).to_pylist()
    ['Not  related', 'YES']
    """
    ends, doubled = join(clean, "  "), join(pc.replace_substring(clean, " ", "  "), " ")
    doubled = pc.if_else(pc.match_substring(clean, " "), pc.utf8_rtrim_whitespace(doubled), doubled)
    unbroken = pc.replace_substring(join(clean, " "), " ", "\u00a0")
    capitals = pc.if_else(pc.equal(clean, pc.utf8_upper(clean)), pc.utf8_lower(clean), pc.utf8_upper(clean))
    return choose(lot < 0.25, ends, choose(lot < 0.5, doubled, choose(lot < 0.75, unbroken, capitals)))


def wrong_codes(scene: Scene) -> None:
    """One of a thousand coded fields has the code of another label."""
    cells = [
        (form, field)
        for form in scene.forms
        for field in FORMS[form].coded
        if field not in _GATES and scene.has(form, field, f"{field}_STD") and len(code_list(form, field)) > 1
    ]
    where = [np.flatnonzero(_often(scene.column(form, field)) & scene.free(form)) for form, field in cells]
    if not where:
        return
    u = np.concatenate(
        [scene.uniform(form, 1, field)[rows, 0] for (form, field), rows in zip(cells, where, strict=True)]
    )
    cell = np.repeat(np.arange(len(cells)), [len(rows) for rows in where])
    row = np.concatenate(where)
    few = np.argsort(u, kind="stable")[: max(3, round(0.001 * len(u)))]
    for number in np.unique(cell[few]):
        form, field = cells[number]
        rows = np.sort(row[few[cell[few] == number]])
        rows = rows[scene.free(form)[rows]]
        scene.take(form, rows)
        pairs = code_list(form, field)
        codes = list(pairs.values())
        following = dict(zip(pairs, codes[1:] + codes[:1], strict=True))
        place = pc.index_in(scene.column(form, field).take(pa.array(rows)), value_set=pa.array(list(pairs)))
        scene.change(form, rows, f"{field}_STD", pa.array(list(following.values())).take(place))


def _often(values: Text) -> Bools:
    """Where a label stands that many records have."""
    counted = pc.value_counts(values)
    often = counted.field("values").filter(pc.greater_equal(counted.field("counts"), _SEEN_OFTEN))
    return np.asarray(pc.and_(pc.is_valid(values), pc.is_in(values, value_set=often.drop_null())))


def unfit_reasons(scene: Scene) -> None:
    """1 % of the serious events have no reason, and as many others have one."""
    if not scene.has("AE", "AESER", *_CRITERIA):
        return
    mild = ~scene.equals("AE", "AEOUT", "Fatal")
    serious, other = (scene.equals("AE", "AESER", answer) & mild for answer in ("Yes", "No"))
    rows = scene.choose("AE", serious, 0.01, part="serious")
    for criterion in _CRITERIA:
        given = rows[scene.equals("AE", criterion, "Yes")[rows]]
        scene.change("AE", given, criterion, pa.repeat("No", len(given)))
    rows = scene.choose("AE", other, 0.01 * int(serious.sum()) / max(int(other.sum()), 1), part="other")
    scene.change("AE", rows, "SHOSP", pa.repeat("Yes", len(rows)))


def long_texts(scene: Scene) -> None:
    """A few karyotypes of two and deviations of three times the 200 characters of a submitted text."""
    for form, column, more, length in (("CYTOG", "KARYO", _CLONES, 360), ("DV", "DVTERM", 5 * _STORY, 520)):
        if scene.has(form, column):
            rows = scene.choose(form, scene.known(form, column), 0.01, least=2)
            whole = join(scene.column(form, column).take(pa.array(rows)), more)
            scene.change(form, rows, column, pc.utf8_slice_codeunits(whole, 0, length))
