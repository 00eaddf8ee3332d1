"""Verbatim terms that look like code go all the way to RTF and Word as the text they are."""

import html
import io
import json
import re
import zipfile
from pathlib import Path

import docx
import pytest
from starter import add, call, starter, sub

ASCII = [
    r"{\rtf1 \par \object}",
    "{{ 7*7 }}{% for x in y %}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "Robert'); DROP TABLE AE;--",
    "<script>alert(1)</script> &amp;",
    "%s {0.__class__} $HOME `id`",
    r"{\field{\*\fldinst HYPERLINK x}}",
]
BEYOND = ["fever \U0001f912 caf\u00e9", "\u4e2d\u6587 and \u0639\u0631\u0628\u064a", "bell \u0007 escape \u001b[2J"]


def hostile(terms):
    """One adverse event for each term, coded as it is written."""
    tail = "Nervous system disorders,20 JAN 2025,21 JAN 2025,1,No,Related,Recovered,0,STARTER,2025-06-30\n"
    rows = [f'101-001,{100 + i},"{t}","{t}",{tail}' for i, t in enumerate(terms)]
    return add("raw/EVENTS.csv", "".join(rows))


def cells(study):
    """The first cells of all rows of the table, as Word has them."""
    document = docx.Document(str(study / "output/tlf/T14_3_1.docx"))
    return [row.cells[0].text.strip() for table in document.tables for row in table.rows]


def rtf_text(rtf: str) -> str:
    """The text of an RTF file: control words gone, escaped characters as they are."""
    rtf = re.sub(r"\\u(-?\d+) ?\??", lambda m: chr(int(m[1]) % 65536), rtf)
    rtf = rtf.replace("\\\\", "\x01").replace("\\{", "\x02").replace("\\}", "\x03")
    rtf = re.sub(r"\\[a-z*]+-?\d* ?|[{}\r\n]", "", rtf)
    text = rtf.replace("\x01", "\\").replace("\x02", "{").replace("\x03", "}")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def html_text(study: Path) -> str:
    """The text between the tags, of the page of the output."""
    return html.unescape(re.sub("<[^>]*>", "", (study / "output/tlf/T14_3_1.html").read_text(encoding="utf-8")))


def joined(text: str) -> str:
    """Without blanks, for a long term goes over several lines."""
    return re.sub(r"\s", "", text)


@pytest.mark.bad_input("B080", "B084", "B085", "B086")
def test_terms_that_look_like_code_are_plain_text_in_every_file(tmp_path, capsys):
    study = starter(tmp_path / "study", hostile(ASCII))
    said = call(capsys, "run", study)
    assert said.code == 0, said.out + said.err
    word, rtf = cells(study), (study / "output/tlf/T14_3_1.rtf").read_text(encoding="ascii")
    assert rtf.count("{") - rtf.count("\\{") == rtf.count("}") - rtf.count("\\}")
    for term in ASCII:
        assert joined(term) in map(joined, word)
        assert joined(term) in joined(rtf_text(rtf))
        assert joined(term) in joined(html_text(study))
    assert "49" not in "".join(word).replace("101", "")


@pytest.mark.bad_input("B082", "B088")
def test_characters_beyond_ascii_are_shown_and_control_characters_are_told(tmp_path, capsys):
    study = starter(tmp_path / "study", hostile(BEYOND))
    for name in ("sdtm/AE", "adam/ADAE"):  # transport files hold ASCII only; this test is about documents
        sub(f"specs/{name}.yaml", "\nkeys:", "\noutput: false\nkeys:")(study)
    said = call(capsys, "run", study)
    assert said.code in (0, 1), said.err
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out + said.err
    with zipfile.ZipFile(io.BytesIO((study / "output/tlf/T14_3_1.docx").read_bytes())) as archive:
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", archive.read("word/document.xml").decode("utf-8"))
    word = "".join(map(joined, cells(study)))
    rtf = joined(rtf_text((study / "output/tlf/T14_3_1.rtf").read_text(encoding="ascii")))
    for term in BEYOND[:2]:
        assert joined(term) in word
        assert joined(term) in rtf
        assert joined(term) in joined(html_text(study))
    assert "\\x07" in word or "\\u0007" in word
    found = json.loads((study / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    assert any("07" in issue["value"] + issue["text"] for issue in found)


@pytest.mark.parametrize("term", ["caf\u00e9", "bell \u0007"])
def test_a_character_that_a_transport_file_cannot_hold_is_named_with_its_record(tmp_path, capsys, term):
    study = starter(tmp_path / "study", hostile([term]))
    said = call(capsys, "run", study)
    assert said.code in (1, 3)
    assert "AETERM" in said.err + said.out
    assert "STARTER-01-101-001" in said.err + said.out
    assert "\x07" not in said.err + said.out


@pytest.mark.bad_input("B084")
def test_a_hostile_title_is_printed_as_it_is(tmp_path, capsys):
    title = r"{{ 7*7 }} {0} \par {x} %s <b> é 中文"
    study = starter(
        tmp_path / "study",
        sub("specs/tlf/T14_3_1.yaml", "title: Treatment-emergent Adverse Events", f"title: '{title}'\n#"),
    )
    said = call(capsys, "run", study)
    assert said.code == 0, said.err
    rtf = (study / "output/tlf/T14_3_1.rtf").read_text(encoding="ascii")
    assert joined(title) in joined(rtf_text(rtf))
