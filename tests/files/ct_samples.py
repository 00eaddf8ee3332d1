"""Small packages of controlled terminology, written in both forms in which NCI EVS publishes them."""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    "Code", "Codelist Code", "Codelist Extensible (Yes/No)", "Codelist Name", "CDISC Submission Value",
    "CDISC Synonym(s)", "CDISC Definition", "NCI Preferred Term",
)  # fmt: skip

# code, submission value, name, extensible, terms: (code, submission value, synonyms, preferred term)
NY = ("C66742", "NY", "No Yes Response", "No", [
    ("C48660", "NA", "NOT APPLICABLE; Not Applicable", "Not Applicable"),
    ("C49487", "N", "No", "No"),
    ("C17998", "U", "U; UNK; Unknown", "Unknown"),
    ("C49488", "Y", "Yes", "Yes"),
])  # fmt: skip
AESEV = ("C66769", "AESEV", "Severity/Intensity Scale for Adverse Events", "No", [
    ("C41338", "MILD", "1; Grade 1", "Mild Adverse Event"),
    ("C41339", "MODERATE", "2; Grade 2", "Moderate Adverse Event"),
    ("C41340", "SEVERE", "3; Grade 3", "Severe Adverse Event"),
])  # fmt: skip
UNIT = ("C71620", "UNIT", "Unit", "Yes", [
    ("C42547", "Pa", "Pascal", "Pascal"),
    ("C124457", "PA", "Pack & <Bag>", "Package"),
    ("C67193", "cal", "Calorie", "Calorie"),
    ("C67194", "cal_IT", "Calorie", "International Calorie"),
])  # fmt: skip
ONCRSR = ("C96785", "ONCRSR", "Oncology Response Assessment Result", "Yes", [
    ("C4870", "CR", "COMPLETE RESPONSE", "Complete Response"),
    ("C35571", "PD", "", "Progressive Disease"),
])  # fmt: skip
LISTS = [UNIT, NY, ONCRSR, AESEV]


def text_lines(lists=LISTS, standard="SDTM"):
    """The lines of the tab-delimited form, lists as they come."""
    lines = [HEAD]
    for code, short, name, extensible, terms in lists:
        lines.append((code, "", extensible, name, short, name, "A list.", f"CDISC {standard} {name} Terminology"))
        lines += [(c, code, "", name, term, synonyms, 'The "term".', pref) for c, term, synonyms, pref in terms]
    return ["\t".join(line) for line in lines]


def write_text(folder, lists=LISTS, *, name="SDTM Terminology 2025-03-28.txt", standard="SDTM") -> Path:
    """A package as text."""
    path = folder / name
    path.write_text("\n".join(text_lines(lists, standard)) + "\n", encoding="utf-8", newline="")
    return path


def odm_text(lists=LISTS, *, standard="SDTM", version="2025-03-28", doctype=""):
    """A package as ODM-XML."""
    said = f"CDISC {standard} Controlled Terminology"
    parts = [
        (
            f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" '
            'xmlns:nciodm="http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC" FileType="Snapshot" '
            f'FileOID="CDISC_CT.{standard}.{version}" CreationDateTime="2030-01-01T00:00:00" ODMVersion="1.3.2">'
        ),
        f'<Study OID="CDISC_CT.{standard}.{version}"><GlobalVariables><StudyName>{said}</StudyName></GlobalVariables>',
        (
            f'<MetaDataVersion OID="CDISC_CT_MetaDataVersion.{standard}.{version}" Name="{said}" '
            f'Description="{said}, {version}">'
        ),
    ]
    for code, short, name, extensible, terms in lists:
        parts.append(
            f'<CodeList OID="CL.{code}.{short}" Name={quoteattr(name)} DataType="text" nciodm:ExtCodeID="{code}" '
            f'nciodm:CodeListExtensible="{extensible}"><Description><TranslatedText xml:lang="en">A list.'
            "</TranslatedText></Description>"
        )
        for c, term, synonyms, preferred in terms:
            names = "".join(f"<nciodm:CDISCSynonym>{escape(s)}</nciodm:CDISCSynonym>" for s in split(synonyms))
            parts.append(
                f'<EnumeratedItem CodedValue={quoteattr(term)} nciodm:ExtCodeID="{c}">{names}'
                f"<nciodm:CDISCDefinition>The term.</nciodm:CDISCDefinition>"
                f"<nciodm:PreferredTerm>{escape(preferred)}</nciodm:PreferredTerm></EnumeratedItem>"
            )
        parts.append(
            f"<nciodm:CDISCSubmissionValue>{short}</nciodm:CDISCSubmissionValue><nciodm:CDISCSynonym>{escape(name)}"
            f"</nciodm:CDISCSynonym><nciodm:PreferredTerm>CDISC {standard} {escape(name)} Terminology"
            "</nciodm:PreferredTerm></CodeList>"
        )
    return "\n".join([*parts, "</MetaDataVersion></Study></ODM>\n"])


def write_odm(folder, lists=LISTS, *, name="SDTM Terminology.odm.xml", **said) -> Path:
    """A package as ODM-XML in a file."""
    path = folder / name
    path.write_text(odm_text(lists, **said), encoding="utf-8")
    return path


def split(synonyms: str) -> list[str]:
    """Synonyms one by one."""
    return [part for part in synonyms.split("; ") if part]
