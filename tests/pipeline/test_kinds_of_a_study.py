"""A study adds a kind of output by one file of an installed package."""

import re
import sys

import pytest
from installed_package import install

from sdtm2adam.errors import SpecError
from sdtm2adam.pipeline.lint import lint
from sdtm2adam.pipeline.run import run

KIND = '''
from typing import ClassVar

from sdtm2adam.model import Row, Section
from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects


class Headcount(TableKind):
    """Counts, with a line of its own below."""

    name = "headcount"
    methods: ClassVar = {"M_CNT": count_subjects}

    def sections(self, spec, report, results):
        (section,) = super().sections(spec, report, results)
        return (Section((*section.rows, Row("Counted by the kind of the study"))),)


def kind():
    return Headcount()


def taken():
    made = Headcount()
    type(made).name = "summary"
    return made


def nothing():
    return "headcount"
'''
SPEC = """id: T99
number: Table 99
kind: headcount
title: Subjects
population: {population}
columns: {columns}
data: ADSL
rows:
  - {{label: Treated, where: "ADSL.SAFFL = 'Y'", method: M_CNT, show: n_pct}}
"""


@pytest.fixture
def with_package(study, tmp_path, monkeypatch):
    """The starter study with a package trial_tables that it names, and an output of the package's kind."""
    install(tmp_path / "site", monkeypatch, "trial_tables")
    (tmp_path / "site" / "trial_tables" / "headcount.py").write_text(KIND)
    table = (study / "specs/tlf/T14_3_1.yaml").read_text()
    used = {name: re.search(rf"^{name}: (\w+)", table, re.M)[1] for name in ("population", "columns")}
    (study / "specs/tlf/T99.yaml").write_text(SPEC.format(**used))
    with (study / "study.yaml").open("a") as file:
        file.write("packages: [trial_tables]\n")
    yield study
    for name in [name for name in sys.modules if name.split(".")[0] == "trial_tables"]:
        del sys.modules[name]


def name_kind(study, function):
    with (study / "specs/report.yaml").open("a") as file:
        file.write(f'kinds: ["trial_tables.headcount:{function}"]\n')


def test_an_output_of_the_studys_own_kind(with_package):
    name_kind(with_package, "kind")
    result = run(with_package)
    assert "T99" in result.outputs
    text = (result.out / "tlf/T99.rtf").read_text()
    assert "Counted by the kind of the study" in text
    assert "Treated" in text


def test_without_the_line_in_the_report_the_kind_is_unknown(with_package):
    with pytest.raises(SpecError, match="unknown kind 'headcount'"):
        lint(with_package)


@pytest.mark.parametrize(
    ("function", "said"),
    [("taken", "the kind 'summary' of .* has a name that is taken"), ("nothing", "gives str, no kind of output")],
)
def test_what_is_no_kind_is_refused(with_package, function, said):
    name_kind(with_package, function)
    with pytest.raises(SpecError, match=said):
        lint(with_package)
