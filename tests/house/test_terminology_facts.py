"""The bundled terms are facts of the official packages, and hold what the bundled specs need."""

import csv
import gzip
import io
from functools import cache
from pathlib import Path

import pytest

from sdtm2adam.build.named_terms import named_terms
from sdtm2adam.files.ct import read_package
from sdtm2adam.resources import shelf
from sdtm2adam.spec.library import read_specs

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "standards"
PACKAGES = {"sdtm": "ct_sdtm_2025-03-28.csv.gz", "adam": "ct_adam.csv"}
FACTS = {
    "codelist": "codelist_code", "short": "codelist_submission_value", "name": "codelist_name",
    "extensible": "extensible", "code": "term_code", "term": "submission_value", "synonyms": "synonyms",
    "preferred": "preferred_term",
}  # fmt: skip
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the official packages are not here")


@cache
def official(kind: str) -> list[dict[str, str]]:
    """All rows of an official package; `NA` is a value."""
    data = (SHARED / PACKAGES[kind]).read_bytes()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def bundled(name: str) -> list[dict[str, str]]:
    """The rows of one file of facts, or of all that begin like it."""
    paths = sorted((shelf("specs") / "standards").glob(name))
    return [row for path in paths for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))]


@shared
@pytest.mark.shared
@pytest.mark.parametrize("kind", PACKAGES)
def test_each_bundled_term_is_as_the_official_package_has_it(kind):
    known = {(row["codelist_code"], row["submission_value"]): row for row in official(kind)}
    wrong = []
    for row in bundled(f"ct_{kind}*.csv"):
        fact = known.get((row["codelist"], row["term"]), {})
        if row != {ours: fact.get(theirs) for ours, theirs in FACTS.items()}:
            wrong.append((row["codelist"], row["term"]))
    assert wrong == []


@shared
@pytest.mark.shared
def test_the_bundled_lists_are_all_lists_with_the_number_of_their_terms():
    found: dict[tuple[str, ...], int] = {}
    for kind, standard in (("sdtm", "SDTM"), ("adam", "ADaM")):
        for row in official(kind):
            head = (standard, row["package_date"], row["codelist_code"], row["codelist_submission_value"],
                    row["codelist_name"], row["extensible"])  # fmt: skip
            found[head] = found.get(head, 0) + 1
    rows = bundled("ct_lists.csv")
    assert {tuple(row.values())[:-1]: int(row["terms"]) for row in rows} == found
    assert len(rows) == len(found)


@pytest.mark.parametrize("kind", PACKAGES)
def test_no_bundled_term_stands_twice(kind):
    seen = [(row["codelist"], row["term"]) for row in bundled(f"ct_{kind}*.csv")]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("folder", ["specs/inovate", "templates/study"])
def test_the_excerpt_holds_what_the_bundled_studies_name(folder):
    """What this tells is missing: copy the list, or of a long one the terms, from the official package."""
    found = named_terms(read_specs(ROOT / folder))
    assert [error.message for error in found.errors] == []
    assert [note.text for note in (*found.notes, *found.unchecked) if note.rule == "codelist-not-held"] == []


@shared
@pytest.mark.shared
def test_the_whole_official_package_can_be_read(tmp_path):
    head = ("Code", "Codelist Code", "Codelist Extensible (Yes/No)", "Codelist Name", "CDISC Submission Value",
            "CDISC Synonym(s)", "CDISC Definition", "NCI Preferred Term")  # fmt: skip
    lines, seen = [head], set()
    for row in official("sdtm"):
        code, name = row["codelist_code"], row["codelist_name"]
        if code not in seen:
            seen.add(code)
            short, preferred = row["codelist_submission_value"], f"CDISC SDTM {name} Terminology"
            lines.append((code, "", row["extensible"], name, short, name, "", preferred))
        lines.append((row["term_code"], code, "", name, row["submission_value"], row["synonyms"], row["definition"],
                      row["preferred_term"]))  # fmt: skip
    path = tmp_path / "SDTM Terminology 2025-03-28.txt"
    path.write_text("\n".join("\t".join(line) for line in lines) + "\n", encoding="utf-8")
    found = read_package(path)
    assert (found.kind, found.version, len(found.lists)) == ("sdtm", "2025-03-28", len(seen))
    rows = {(row.codelist, row.term): row for row in found.terms}
    assert len(rows) == len(official("sdtm"))
    for row in official("sdtm"):
        term = rows[row["codelist_code"], row["submission_value"]]
        assert (term.code, term.synonyms, term.preferred) == (
            row["term_code"], row["synonyms"], row["preferred_term"],
        )  # fmt: skip
