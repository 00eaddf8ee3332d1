"""Which packages a study follows: chosen by date, imported before bundled, never in silence."""

import pytest

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.packages import COLUMNS, read_terminology
from sdtm2adam.spec.study import Standards
from sdtm2adam.spec.yaml import Text

HEAD = ",".join(COLUMNS)
TERMS = """C66742,NY,No Yes Response,No,C48660,NA,NOT APPLICABLE; Not Applicable,Not Applicable
C66742,NY,No Yes Response,No,C49488,Y,Yes,Yes
C96785,ONCRSR,"Oncology Response, Result",Yes,C1,MRD NEGATIVITY,,Minimal Residual Disease Negative
C66742,NY,No Yes Response,No,C49487,N,No,No
"""


def put(folder, *names, text=f"{HEAD}\n{TERMS}"):
    """Imported packages, by file name."""
    (folder / "standards").mkdir(exist_ok=True)
    for name in names:
        (folder / "standards" / name).write_text(text, encoding="utf-8")


def chosen(folder, **said):
    """The packages of a study, as messages name them, and the names of the files read."""
    standards = Standards(**{key: Text(value, "study.yaml:3") for key, value in said.items()})
    terminology, files = read_terminology(standards, folder)
    return [package.shown for package in terminology.packages], [path.name for path in files]


SDTM, ADAM = "SDTM CT 2025-03-28, bundled excerpt", "ADaM CT 2026-03-27, bundled excerpt"


def test_without_a_word_and_without_an_import_the_bundled_excerpts_are_used(tmp_path):
    assert chosen(tmp_path) == ([SDTM, ADAM], [])
    assert chosen(tmp_path, ct="2025-03-28", ct_adam="2026-03-27") == ([SDTM, ADAM], [])


def test_an_imported_package_goes_before_the_bundled_one(tmp_path):
    put(tmp_path, "ct_sdtm_2025-03-28.csv", "ct_sdtm_2015-12-18.csv")
    names, files = chosen(tmp_path, ct="2025-03-28")
    assert names == ["SDTM CT 2025-03-28, full package", ADAM]
    assert files == ["ct_sdtm_2025-03-28.csv"]
    assert chosen(tmp_path, ct="2015-12-18")[0][0] == "SDTM CT 2015-12-18, full package"


def test_adam_follows_its_own_date_or_the_imported_package_of_the_same(tmp_path):
    put(tmp_path, "ct_adam_2025-03-28.csv", "ct_adam_2024-09-27.csv")
    assert chosen(tmp_path, ct="2025-03-28")[0] == [SDTM, "ADaM CT 2025-03-28, full package"]
    assert chosen(tmp_path, ct="2025-03-28", ct_adam="2024-09-27")[0][1] == "ADaM CT 2024-09-27, full package"
    assert chosen(tmp_path, ct_adam="2026-03-27")[0] == [SDTM, ADAM]


@pytest.mark.parametrize(
    ("files", "said", "message"),
    [
        ([], {"ct": "2015-12-18"}, (r"study.yaml:3: standards: ct: there is no SDTM CT 2015-12-18\n"
         r".*there: 2025-03-28 \(bundled excerpt\); or import it: sdtm2adam ct import FILE")),
        (["ct_sdtm_2015-12-18.csv"], {"ct": "2020-01-01"},
         r"there: 2015-12-18 \(imported\), 2025-03-28 \(bundled excerpt\);"),
        (["ct_sdtm_2025-03-28.csv"], {"ct": "2020-01-01"}, r"there: 2025-03-28 \(imported\);"),
        ([], {"ct_adam": "2015-12-18"}, r"standards: ct_adam: there is no ADaM CT 2015-12-18"),
        ([], {"ct": "SDTM 2025-03-28"}, "'SDTM 2025-03-28' is no date of a package"),
        (["ct_sdtm_2015-12-18.csv"], {}, (r"SDTM CT 2015-12-18 in .*/standards, and study.yaml chooses none\n"
         r".*standards: \{ct: DATE\}; there are 2015-12-18 \(imported\), 2025-03-28 \(bundled excerpt\)")),
        (["ct_adam_2015-12-18.csv"], {"ct": "2025-03-28"}, r"standards: \{ct_adam: DATE\}"),
    ],
)  # fmt: skip
def test_a_package_that_is_not_there_or_not_chosen_is_an_error(tmp_path, files, said, message):
    put(tmp_path, *files)
    with pytest.raises(SpecError, match=message):
        chosen(tmp_path, **said)


@pytest.mark.bad_input("B029")
def test_lists_are_read_whole_with_na_as_a_term_and_in_any_order(tmp_path):
    put(tmp_path, "ct_sdtm_2015-12-18.csv")
    terminology, _ = read_terminology(Standards(ct=Text("2015-12-18")), tmp_path)
    ny = terminology.get("C66742")
    assert (ny.short, ny.extensible, ny.size, ny.whole) == ("NY", False, 3, True)
    assert list(ny.terms) == ["NA", "Y", "N"]
    assert ny.terms["NA"] == ("C48660", ("NOT APPLICABLE", "Not Applicable"), "Not Applicable")
    assert terminology.get("C96785").name == "Oncology Response, Result"
    assert terminology.get("C66769") is None  # a full package is never filled up from the excerpt
    assert [one.code for one in terminology.called("ONCRSR")] == ["C96785"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read"),
        (f"{HEAD}\n", "has no terms"),
        ("a,b\n1,2\n", "is no table of terms: its first line is not codelist,short,"),
        (f"{HEAD}\n{TERMS}C1,short\n", "cannot be read .*Expected 8 columns"),
        (f"{HEAD}\n{TERMS}".encode("utf-16"), "cannot be read"),
    ],
)
def test_a_damaged_table_is_an_error_and_not_an_empty_list(tmp_path, text, message):
    put(tmp_path, "ct_sdtm_2015-12-18.csv")
    path = tmp_path / "standards" / "ct_sdtm_2015-12-18.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SpecError, match=message) as caught:
        chosen(tmp_path, ct="2015-12-18")
    assert "import the package again" in caught.value.mend
