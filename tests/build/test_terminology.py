"""Local values to terms: which package was looked in, which name wins, what is told and what is not claimed."""

from harness import is_drawn, told, trial

from sdtm2adam.build.terminology import Terms
from sdtm2adam.spec.codelists import Codelist
from sdtm2adam.spec.packages import bundled_terminology

UNIT = Codelist("C1", "UNIT", "Unit", True, {
    "Pa": ("C2", ("Pascal",), "Pascal"),
    "PA": ("C3", ("Pack",), "Package"),
    "cal": ("C4", ("Calorie",), "Calorie"),
    "cal_IT": ("C5", ("Calorie", "IT cal"), "International Calorie"),
    "g": ("C6", ("Gram",), "Pack"),
}, 5, "SDTM CT 2030-01-01, full package")  # fmt: skip
CLOSED = Codelist("C7", "NY", "No Yes", False, {"Y": ("C8", ("Yes",), "Yes")}, 1, "SDTM CT 2030-01-01, full package")

HELD = len(bundled_terminology().called("LBTESTCD")[0].terms)


def decided(terms, text):
    """The result for a text, and the rules that it breaks."""
    answer = terms.decide((text,))
    return (*answer.results, *(problem.rule for problem in answer.problems))


def test_a_value_as_written_goes_before_one_of_another_case():
    terms = Terms.of("U", {}, [UNIT])
    assert decided(terms, "Pa") == ("Pa",)
    assert decided(terms, "PA") == ("PA",)
    assert decided(terms, " Pa\xa0") == ("Pa",)
    assert decided(terms, "pa") == ("pa", "codelist-ambiguous")
    assert decided(terms, "G") == ("g",)


def test_a_synonym_goes_before_a_preferred_term_and_a_name_of_two_terms_is_told():
    terms = Terms.of("U", {}, [UNIT])
    assert decided(terms, "pascal") == ("Pa",)
    assert decided(terms, "pack") == ("PA",)
    assert decided(terms, "it  CAL") == ("cal_IT",)
    assert decided(terms, "calorie") == ("calorie", "codelist-ambiguous")
    problem = terms.decide(("calorie",)).problems[0]
    assert problem.text == (
        "may mean cal or cal_IT: say which in a map U (UNIT (C1) in SDTM CT 2030-01-01, full package)"
    )


def test_the_map_of_the_study_goes_before_all():
    terms = Terms.of("U", {"calorie": "cal_IT", "Pa": "kPa", "mine": "own"}, [UNIT])
    assert decided(terms, "Calorie") == ("cal_IT",)
    assert decided(terms, "Pa") == ("kPa",)
    assert decided(terms, "own") == ("own",)
    assert decided(terms, "kpa") == ("kPa",)


def test_a_map_that_says_two_things_of_one_text_is_told():
    assert decided(Terms.of("U", {"x": "Pa", "X": "g"}, [UNIT]), "x") == ("x", "codelist-ambiguous")


def test_a_term_of_no_list_is_told_with_list_and_package():
    assert decided(Terms.of("U", {}, [UNIT]), "furlong") == ("furlong",)  # a sponsor's term: the suites note it
    problem = Terms.of("F", {}, [CLOSED]).decide(("Maybe",)).problems[0]
    assert (problem.rule, problem.severity) == ("codelist-unmapped", "error")
    assert problem.text == "is no term of NY (C7) in SDTM CT 2030-01-01, full package"
    assert Terms.of("F", {"a": "Y"}, [CLOSED]).decide(("b",)).problems[0].text.endswith("in the study's map F")
    assert Terms.of("F", {"a": "Z"}, []).decide(("b",)).problems[0].text == "is not in the study's map F"
    assert Terms.of("F", {}, []) is None


def test_what_an_excerpt_does_not_hold_is_not_called_wrong():
    few = Codelist("C9", "LOC", "Place", True, {"ARM": ("C1", (), "Arm")}, 1397, "SDTM CT 2030-01-01, bundled excerpt")
    none = Codelist("C10", "MS", "Sample", False, {}, 18, "SDTM CT 2030-01-01, bundled excerpt")
    terms = Terms.of("L", {}, [few])
    assert decided(terms, "arm") == ("ARM",)
    problem = terms.decide(("LEG",)).problems[0]
    assert (problem.rule, problem.severity) == ("codelist-not-held", "note")
    assert problem.text == (
        "is not among the terms at hand: SDTM CT 2030-01-01, bundled excerpt holds 1 of the 1,397 terms of LOC (C9); "
        "import the full package to know (sdtm2adam ct import FILE)"
    )
    assert Terms.of("L", {}, [none]) is None  # nothing to judge by: told once for the variable
    problem = Terms.of("L", {"a": "A"}, [none]).decide(("b",)).problems[0]
    assert (problem.rule, problem.severity) == ("codelist-not-held", "warning")
    assert "holds no term of MS (C10)" in problem.text


def test_bundled_lists_tell_what_is_missing_of_them():
    terminology = bundled_terminology()
    assert terminology.shown == "SDTM CT 2025-03-28, bundled excerpt and ADaM CT 2026-03-27, bundled excerpt"
    found = {code: terminology.get(code) for code in ("C66742", "C65047", "C117743", "C0")}
    assert (found["C66742"].whole, found["C66742"].size) == (True, 4)
    assert (found["C65047"].whole, found["C65047"].size) == (False, 2438)
    assert (found["C117743"].terms, found["C117743"].size) == ({}, 63)
    assert found["C0"] is None
    assert [one.code for one in terminology.called("NY")] == ["C66742"]
    assert terminology.called("DTYPE")[0].package == "ADaM CT 2026-03-27, bundled excerpt"


VS = """dataset: VS
keys: [VSSPID]
records:
  - from: raw.V
    set: {VSSPID: RECORDID, VSTESTCD: T, VSORRES: R, VSORRESU: U, VSSTAT: S}
"""


def test_issues_of_data_name_the_package(tmp_path):
    built = trial(tmp_path, VS, raw={"V": """
    RECORDID SUBJECT T    R  U    S
    1        11      TEMP 37 C    .
    2        11      TEMP 37 .    Undone
    3        11      TEMP .  .    not_done
    """}).build()  # fmt: skip
    is_drawn(built.datasets["VS"], """
    VSSPID VSTESTCD VSORRESU VSSTAT
    1      TEMP     C        .
    2      TEMP     .        Undone
    3      TEMP     .        NOT_DONE
    """)  # fmt: skip
    assert told(built, "rule", "text") == [
        ("codelist-unmapped",
         "VS.VSSTAT: 'Undone' is no term of ND (C66789) in SDTM CT 2025-03-28, bundled excerpt"),
    ]  # fmt: skip
    variable = next(v for v in built.datasets["VS"].variables if v.name == "VSSTAT")
    assert (variable.terms, variable.package) == (("NOT DONE",), "SDTM CT 2025-03-28, bundled excerpt")


def test_several_races_are_multiple_as_the_standard_prescribes(tmp_path):
    spec = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {RACE: R}}"
    built = trial(tmp_path, spec, raw={"D": "SUBJECT R\n11 Multiple\n12 Asian\n13 Martian"}).build()
    is_drawn(built.datasets["DM"], "USUBJID RACE\nS1-11 MULTIPLE\nS1-12 ASIAN\nS1-13 Martian")
    assert told(built, "rule", "value") == [("codelist-unmapped", "Martian")]


def test_a_list_of_which_the_excerpt_has_few_terms_is_not_expected_of_the_data(tmp_path):
    spec = "dataset: LB\nkeys: [LBSPID]\nrecords:\n  - {from: raw.L, set: {LBSPID: RECORDID, LBTESTCD: T, LBSPEC: S}}"
    built = trial(tmp_path, spec, raw={"L": "RECORDID SUBJECT T S\n1 11 HGB BLOOD\n2 11 NOTOURS BLOOD"}).build()
    test, specimen = (next(v for v in built.datasets["LB"].variables if v.name == n) for n in ("LBTESTCD", "LBSPEC"))
    assert (test.codelist, test.terms) == ("LBTESTCD", ())
    assert specimen.terms
    assert told(built, "rule", "severity", "value") == [("codelist-not-held", "note", "NOTOURS")]


def test_a_code_without_a_name_among_the_terms_at_hand_says_so(tmp_path):
    spec = """dataset: LB
keys: [LBSPID]
records:
  - {from: raw.L, set: {LBSPID: RECORDID, LBTESTCD: {sql: T, codelist: none}}}
variables: {LBTEST: auto}
"""
    built = trial(tmp_path, spec, raw={"L": "RECORDID SUBJECT T\n1 11 HGB\n2 11 NOTOURS"}).build()
    is_drawn(built.datasets["LB"], "LBTESTCD LBTEST\nHGB Hemoglobin\nNOTOURS .")
    assert told(built, "rule", "severity", "text") == [
        ("decode-unknown", "error", (
            "LB.LBTEST: 'NOTOURS' has no partner among the terms at hand or in the map LBTEST: SDTM CT 2025-03-28, "
            f"bundled excerpt holds {HELD} of the 2,438 terms of LBTESTCD (C65047); import the full package to know "
            "(sdtm2adam ct import FILE)"
        )),
    ]  # fmt: skip
