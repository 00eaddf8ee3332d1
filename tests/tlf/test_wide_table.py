"""A table of more columns than a page holds: cut into panels between outer heads, each with the labels of the rows."""

import pytest
from adam_frames import trial
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.errors import SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

COLUMNS = """\
column_sets:
  C12:
    stub: 29
    width: 13
    nest:
      - {by: G_CD22, take: [GE90, LT90, MISS, ALL]}
      - {by: G_TRTP, take: [INO, SC, ALL], head: "{label}|(N={N})"}
"""
TABLE = """\
id: T1
number: Table 1
kind: flags
title: Deaths
population: AS_ITT
columns: C12
panels: true
data: ADSL
row_defaults: {method: M_CNT, show: n_pct}
rows:
  - {label: Died, where: "ADSL.DTHFL = 'Y'"}
  - {label: Alive, where: "ADSL.DTHFL = ''"}
"""


def loaded(folder, naming, columns=COLUMNS, table=TABLE):
    text = (shelf("specs") / "inovate" / "report.yaml").read_text(encoding="utf-8")
    (folder / "report.yaml").write_text(text.replace("column_sets:\n", columns), encoding="utf-8")
    (folder / "T1.yaml").write_text(table, encoding="utf-8")
    report = load_report(folder / "report.yaml", naming)
    return report, load_display_specs([folder / "T1.yaml"], report, KINDS)["T1"]


def test_twelve_columns_make_two_panels_of_whole_groups(tmp_path, naming):
    report, spec = loaded(tmp_path, naming)
    data = trial()
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    pages = paginate(display)
    heads = [[text.strip() for text in page.head[0].texts if text.strip()] for page in pages]
    assert heads == [["CD22 ≥90%", "CD22 <90%"], ["CD22 Missing", "All Subjects"]]
    for page in pages:
        assert [row.texts[0] for row in page.body] == ["Died", "Alive"]
        assert all(len(row.texts) == 7 for row in page.body)
        assert sum(page.widths) <= 133
    adsl = data["ADSL"]
    wanted = [
        str(int((adsl["DTHFL"].eq("Y") & group & arm).sum()))
        for group in (adsl["CD22GR1N"].eq(9), adsl["CD22GR1N"].notna())
        for arm in (adsl["TRT01PN"].eq(1), adsl["TRT01PN"].eq(2), adsl["TRT01PN"].notna())
    ]
    assert [text.split(" (")[0].strip() for text in pages[1].body[0].texts[1:]] == wanted
    assert paginate(lay_out(spec, report, None))  # its shell


@pytest.mark.parametrize(
    ("columns", "table", "fault"),
    [
        ({}, {"panels: true\n": ""}, "the widths of the columns sum to 185, not 133.*say panels: true"),
        ({"take: [INO, SC, ALL]": "take: [INO, SC]"}, {}, "8 columns of 13 characters and a stub of 29 fit into 133"),
        ({"width: 13": "width: 105"}, {}, "a column of 105 characters does not fit beside a stub of 29 into 133"),
    ],
)
def test_columns_that_make_no_panels_are_told(tmp_path, naming, columns, table, fault):
    changed = [COLUMNS, TABLE]
    for at, pairs in enumerate((columns, table)):
        for old, new in pairs.items():
            changed[at] = changed[at].replace(old, new)
    with pytest.raises(SpecErrors) as told:
        loaded(tmp_path, naming, *changed)
    assert [error.where for error in told.value.errors] == ["T1.yaml:6"]
    told.match(f"(?s){fault}")
