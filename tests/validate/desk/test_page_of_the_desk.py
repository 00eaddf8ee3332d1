"""The dashboard as a file: one page, nothing from elsewhere, the same bytes, no text that is more than text."""

import random
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pyarrow as pa
from desk_study import ABOUT, CUTS, HOSTILE, MARKUP, RAW_KEYS, findings, looked_at, parts_of, raw, rows_of, study
from lxml import html

from sdtm2adam.model import Acceptance, Finding, Severity
from sdtm2adam.validate.desk import About, render_dashboard


def page(found=None, **changed):
    given = {"about": ABOUT, "raw": raw(), "raw_keys": RAW_KEYS, "history": CUTS, **changed}
    return render_dashboard(findings() if found is None else found, looked_at(), study(), **given)


def test_it_is_one_file_that_asks_for_nothing():
    tree = html.document_fromstring(page().decode())
    assert [one for one in tree.iter() if one.get("src") or one.tag in ("link", "iframe", "object", "base")] == []
    assert {one.get("href") for one in tree.iter("a")} == {"#main"}
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        own = [one.text for one in tree.iter(tag) if one.get("type") is None]
        assert len(own) == 1
        assert b64encode(sha256(own[0].encode()).digest()).decode() in policy


def test_it_names_the_study_and_its_marks_without_scripts():
    tree = html.document_fromstring(page().decode())
    shown = tree.xpath("string(//header)") + tree.xpath("string(//main)")
    for text in ("ST", "A study that was drawn", "DRAFT", "SYNTHETIC", "2020-06-30", "3 rules ran."):
        assert text in shown
    said = (
        "Looked at 2 datasets, 100 records, 50 expectations. 1 expectation and 2 checks could not run. "
        "Open: 1 error, 102 warnings."
    )
    assert said in shown
    assert tree.get("lang") == "en"
    assert tree.xpath("//title/text()") == ["Issues - ST"]


def test_no_issues_is_said_with_how_much_was_looked_at():
    told = html.document_fromstring(page([]).decode()).xpath("string(//main)")
    assert re.search(r"Looked at 2 datasets, 100 records, 50 expectations\..*Open: no issues\.", told)


def test_the_same_bytes_whatever_the_order_of_findings_datasets_and_forms():
    found = findings()
    random.Random(3).shuffle(found)
    turned = dict(reversed(study().items()))
    forms, looked = dict(reversed(raw().items())), list(reversed(looked_at()))
    again = render_dashboard(found, looked, turned, about=ABOUT, raw=forms, raw_keys=RAW_KEYS, history=CUTS)
    assert again == page()


def test_hostile_text_is_text_wherever_it_comes_from():
    subject = f"ST-102-{HOSTILE}"
    bad = Finding(
        HOSTILE, HOSTILE, Severity.ERROR, "AE", HOSTILE, f"USUBJID={subject}", HOSTILE, HOSTILE, HOSTILE, subject,
        HOSTILE, HOSTILE, (HOSTILE,), before=HOSTILE, accepted=Acceptance(HOSTILE, HOSTILE, HOSTILE),
    )  # fmt: skip
    named = replace(bad, id="x", dataset="raw.AE", key="RECORDID=7")
    forms = raw()
    forms["AE"] = forms["AE"].append_column(HOSTILE, pa.array([HOSTILE] * 4))
    about = About(HOSTILE, HOSTILE, (HOSTILE,), HOSTILE, (HOSTILE,))
    made = page([bad, named], raw=forms, about=about)
    for char in ("\u202e", "\x00", "\x07", "\u2028"):
        assert char not in made.decode()
    tree = html.document_fromstring(made.decode())
    assert len([one for one in tree.iter("script") if one.get("type") is None]) == 1
    assert [one for one in tree.iter() if any(name.startswith("on") for name in one.attrib)] == []
    assert list(tree.iter("img")) == []
    shown = rows_of(parts_of(made)["findings"]["table"])[0]
    assert shown["text"].startswith(MARKUP + "\\u202Eevil\\x00\\x07 & ")
    assert shown["text"].endswith("\\u2028{{ 7*7 }}")


def test_a_study_without_anything_gives_a_page():
    assert parts_of(render_dashboard([], [], {}))["subjects"]["size"] == 0
    lone = render_dashboard(findings()[:3], [], {})
    assert [row["USUBJID"] for row in rows_of(parts_of(lone)["subjects"])] == ["ST-101-001"]


def test_a_thousand_subjects_and_ten_thousand_findings_fit_in_a_page():
    subjects = [f"BIG-{at // 10:03}-{at:04}" for at in range(1000)]
    sites = [subject[4:7] for subject in subjects]
    count = 10_000
    numbers = pa.array(range(count))
    who = pa.array([subjects[at // 10] for at in range(count)])
    words = {f"V{at:02}": pa.array([f"text {(at * row) % 97}" for row in range(count)]) for at in range(30)}
    ae = study()["AE"]
    frame = pa.table({"USUBJID": who, "AESEQ": numbers, "AEDECOD": words["V01"], **words})
    lineage = pa.table({"row": numbers, "source": ["raw.AE"] * count, "source_row": numbers})
    dm = study()["DM"]
    datasets = {
        "AE": replace(ae, frame=frame, lineage=lineage),
        "DM": replace(dm, frame=pa.table({"USUBJID": subjects, "SITEID": sites}), lineage=pa.table({})),
    }
    forms = {"AE": pa.table({"SUBJECT": who, "RECORDID": pa.array(map(str, range(count))), **words})}
    keys = {"raw.AE": pa.table({"row": numbers, "RECORDID": numbers})}
    many = [
        Finding(
            f"{at:08x}", f"RULE-{at % 200}", Severity.WARNING, "AE", "AEDECOD", f"USUBJID={subject}, AESEQ={at}",
            f"text {at % 97}", f"Something is the matter with {at % 200}.", "Please check.", subject, subject[4:7],
        )
        for at, subject in enumerate(who.to_pylist())
    ]  # fmt: skip
    made = render_dashboard(many, looked_at(), datasets, raw=forms, raw_keys=keys)
    assert len(made) < 8_000_000
    found = parts_of(made)
    assert found["findings"]["raw"][77] == [[0, 1, found["findings"]["own"][77][0][2]]]
