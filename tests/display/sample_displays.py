"""Displays as a study makes them, for the tests of pages and documents."""

import io
import random

from sdtm2adam.display.page import Page
from sdtm2adam.model.display import Cell, Column, Display, Figure, Row, Section

HEADER = (
    ("Protocol INO-SIM-1022 (INO-VATE, simulated)", "Page {page} of {pages}"),
    ("CD22 Subgroup Report", "Data cut-off: 08MAR2016"),
    ("SYNTHETIC DATA", "DRAFT"),
)
FOOTER = ("Program: response  Spec: 1a2b3c4  Data: 5d6e7f8", "Created: 08MAR2016 00:00 UTC")
GROUPS = ("CD22 ≥90%", "CD22 <90%", "CD22 Missing", "All Subjects")
SIZES = ((107, 93), (35, 36), (22, 33), (164, 162))
F1 = "N = number of subjects in the column; percentages are based on N unless stated."
F6 = "InO = inotuzumab ozogamicin; SC = standard of care."
SOURCE = "Source: ADSL  Analysis: A_T14_1_2_010 to A_T14_1_2_890  Data cut-off: 08MAR2016"
CLASSES = (
    "Blood and lymphatic system disorders",
    "Hepatobiliary disorders",
    "Infections and infestations",
    "Injury, poisoning and procedural complications, and all the rest of what can befall",
)
HOSTILE = (
    r"back\slash {brace} \par \object",
    r"{\field{\*\fldinst HYPERLINK http://example.org}}",
    r"{\*\bin4 abcd}",
    "{{ 7*7 }} {% for x in y %}",
    "{0.__class__} %s $HOME `id`",
    "=cmd|' /C calc'!A0",
    "+1 -1 @SUM",
    "<script>alert(1)</script> & <w:t>",
    "Robert'); DROP TABLE ae",
    'O\'Brien "quoted"',
    "µ ≥ ± ° é ß",
    "白血病 日本語",
    "עברית العربية",
    "e\u0301 é nfd and nfc",
    "\U0001f600 emoji",
    "zero\u200dwidth",
    "turned \u202e order",
    "sharp \u2028 and \x85 ends",
    "bell \x07 tab \x09 vt \x0b",
    "not a char \ufffe half \ud800",
    "nonbreaking\xa0blank",
)


def c8(stub: str = "", heads: tuple[str, ...] = GROUPS) -> tuple[Column, ...]:
    """The columns of set C8: CD22 groups by arm."""
    leaves = [
        Column((group, f"{arm}|(N={n})"), 13, (group, arm))
        for group, sizes in zip(heads, SIZES, strict=False)
        for arm, n in zip(("InO", "SC"), sizes, strict=True)
    ]
    return (Column((stub,), 133 - 13 * len(leaves), align="left"), *leaves)


def display(id_: str, columns: tuple[Column, ...], *sections: Section, **other: object) -> Display:
    """A display with the usual frame."""
    settings: dict[str, object] = {
        "titles": (
            f"Table {id_[1:].replace('_', '.')}",
            "A Title by Baseline CD22 Positivity",
            "Intent-to-Treat Population",
        ),
        "footnotes": (F1, F6, SOURCE),
        "header": HEADER,
        "footer": FOOTER,
    }
    return Display(id=id_, columns=columns, sections=sections, **(settings | other))  # type: ignore[arg-type]


def row(label: str, *texts: str, stat: str = "", spans: tuple[int, ...] = (), **other: object) -> Row:
    """A row of decimal cells."""
    spans = spans or (1,) * len(texts)
    cells = tuple(
        Cell(text, span=span, stat_class=stat, result_ids=(f"{label}{at}",) if text else ())
        for at, (text, span) in enumerate(zip(texts, spans, strict=True))
    )
    return Row(label, cells, **other)  # type: ignore[arg-type]


def count(n: int, total: int) -> str:
    """A count with its percentage."""
    return f"{n} ({100 * n / total:.1f})" if n else "0"


def baseline() -> Display:
    """A baseline table of eight columns and several pages, one block a variable."""
    numbers = random.Random(1022)
    totals = [n for sizes in SIZES for n in sizes]
    rows: list[Row] = []
    for name in (
        "Age (years)",
        "BSA (m2)",
        "Marrow blasts (%)",
        "WBC (10^9/L)",
        "Platelets (10^9/L)",
        "Haemoglobin (g/L)",
    ):
        scale = numbers.choice([3, 9, 60])
        rows.append(Row(name, block=True, gap=bool(rows)))
        rows.append(row("n", *map(str, totals), stat="n", indent=1))
        for label, pattern in (("Mean (SD)", "{:.1f} ({:.2f})"), ("Median", "{:.1f}"), ("Q1, Q3", "{:.1f}, {:.1f}")):
            values = (sorted((numbers.gauss(scale, scale / 9), numbers.gauss(scale, scale / 9))) for _ in totals)
            rows.append(row(label, *(pattern.format(*map(abs, value)) for value in values), stat=label, indent=1))
        rows.append(row("Min, Max", *(f"{scale // 9}, {scale * 2}" for _ in totals), stat="range", indent=1))
    for name, levels in (
        ("Age group, n (%)", ("<55 years", "≥55 years")),
        ("Sex, n (%)", ("Male", "Female")),
        ("Race, n (%)", ("White", "Asian", "Black", "Other", "Not reported")),
        ("Geographic region, n (%)", ("North America", "Europe", "Asia-Pacific", "Other")),
        ("ECOG performance status at baseline, n (%)", ("0", "1", "2", "Missing")),
        ("Karyotype, n (%)", ("t(4;11)", "Complex", "Other abnormal", "Normal", "Missing")),
        ("SC regimen planned [a]", ("FLAG", "Ara-C + mitoxantrone", "High-dose Ara-C")),
    ):
        rows.append(Row(name, block=True, gap=True))
        for level in levels:
            counts = (numbers.choice([0, numbers.randrange(total), total]) for total in totals)
            texts = [count(n, total) for n, total in zip(counts, totals, strict=True)]
            rows.append(row(level, *texts, stat="n_pct", indent=1))
    notes = (F1, F6, "[a] Investigator's choice declared before randomisation.", SOURCE)
    return display("T14_1_2", c8(), Section(tuple(rows)), footnotes=notes)


def response() -> Display:
    """The response table of eight columns, with cells over the two arms of a group."""
    rates = ["84 (78.5)", "33 (35.5)", "23 (65.7)", "11 (30.6)", "14 (63.6)", "6 (18.2)", "121 (73.8)", "50 (30.9)"]
    limits = ["(69.5, 85.9)", "(25.8, 46.1)", "(47.8, 80.9)", "(16.3, 48.1)", "(40.7, 82.8)", "(7.0, 35.5)",
              "(66.4, 80.3)", "(23.9, 38.6)"]  # fmt: skip
    spans = (2, 2, 2, 2)
    rows = (
        Row("Best response, n (%)", block=True),
        row("CR/CRi", *rates, stat="n_pct", indent=1, keep_with_next=True),
        row("95% CI [a]", *limits, stat="ci", indent=2),
        row("CR", *rates, stat="n_pct", indent=2),
        row("CRi", *(["0"] * 8), stat="n_pct", indent=2),
        row("Resistant disease", *rates, stat="n_pct", indent=1),
        row("Not evaluable/missing [b]", *rates, stat="n_pct", indent=1),
        Row("InO vs SC, CR/CRi rate", gap=True, block=True),
        row("Difference, %", "43.0", "35.2", "45.5", "42.9", stat="est", spans=spans, indent=1, keep_with_next=True),
        row(
            "95% CI [c]",
            "(29.9, 54.7)",
            "(11.9, 54.8)",
            "(-5.1, 66.0)",
            "(32.7, 52.2)",
            stat="ci",
            spans=spans,
            indent=2,
        ),
        row("1-sided p-value [d]", "<0.0001", "0.0016", "0.0004 F", "<0.0001", stat="p", spans=spans, indent=1),
        row("Interaction p-value [f]", "", "", "", "0.5432", stat="p", spans=spans, gap=True),
    )
    title = "Complete Remission (CR/CRi) per Investigator by Baseline CD22 Positivity"
    notes = (
        "[a] Exact (Clopper-Pearson). [b] Includes subjects without post-baseline assessment; they are non-responders.",
        "[c] Miettinen-Nurminen. [d] Pearson chi-square; F = Fisher exact (an expected count is below 5).",
        "[f] Treatment by CD22 (≥90% vs <90%), logistic regression, likelihood ratio, 2-sided.",
        F1, F6, SOURCE,
    )  # fmt: skip
    titles = ("Table 14.2.1", title, "Intent-to-Treat Population")
    return display("T14_2_1", c8(), Section(rows), titles=titles, footnotes=notes)


def adverse_events(classes: int = 4, terms: int = 14) -> Display:
    """Adverse events by class and term; a term and its grades stay together, classes are repeated on new pages."""
    numbers = random.Random(7)
    columns = c8("System Organ Class|  Preferred Term", ("CD22 ≥90%", "CD22 <90%", "All Subjects"))

    def counts() -> list[str]:
        return [count(numbers.randrange(30), 107) for _ in range(6)]

    rows = [
        row("Any TEAE", *counts(), stat="n_pct", keep_with_next=True),
        row("Grade ≥3", *counts(), stat="n_pct", indent=1),
    ]
    for at in range(classes):
        name = CLASSES[at % len(CLASSES)]
        rows.append(row(name, *counts(), stat="n_pct", gap=True, keep_with_next=True))
        rows.append(row("Grade ≥3", *counts(), stat="n_pct", indent=1, parents=(name,), continued=True))
        for term in range(terms):
            label = f"Preferred term {term + 1}"
            rows.append(
                row(label, *counts(), stat="n_pct", indent=1, parents=(name,), continued=True, keep_with_next=True)
            )
            rows.append(row("Grade ≥3", *counts(), stat="n_pct", indent=2, parents=(name, label), continued=True))
    return display("T14_3_2_2", columns, Section(tuple(rows)))


def listing(subjects: int = 30) -> Display:
    """A listing by subject, a section per arm, cells of two lines, the subject printed once and on each page."""
    heads = (
        "Subject",
        "CD22 %|MESF",
        "Best response|INV / EAC",
        "First CR/CRi",
        "MRD",
        "Relapse or PD",
        "Verbatim term",
    )
    widths = (11, 12, 14, 16, 16, 16, 48)
    columns = tuple(Column((head,), width, align="left") for head, width in zip(heads, widths, strict=True))
    sections = []
    for arm in ("InO", "SC"):
        rows = []
        for subject in range(subjects):
            for record in range(1 + subject % 3):
                name = f"1001-{subject:04d}"
                texts = (
                    name if record == 0 else "", "95.3\n12345", "CR / CRi*", "08MAR2013   29", "NEGATIVE   29",
                    "--FEB2014  359", HOSTILE[(subject + record) % len(HOSTILE)] + (" and more of it" * (subject % 4)),
                )  # fmt: skip
                rows.append(Row("", tuple(Cell(text, align="left") for text in texts), parents=(name,), continued=True))
        sections.append(Section(tuple(rows), title=f"Treatment: {arm}"))
    titles = ("Listing 16.2.6.1", "Response, MRD and HSCT by Subject", "Intent-to-Treat Population")
    return display("L16_2_6_1", columns, *sections, titles=titles, stub=False, footnotes=(F6, SOURCE))


def figure() -> Display:
    """A figure of two pages, drawn by matplotlib."""
    titles = (
        "Figure 14.2.3",
        "Kaplan-Meier Plot of Overall Survival by Baseline CD22 Positivity",
        "Intent-to-Treat Population",
    )
    pages = tuple(
        Figure(picture(28), 28, f"Overall survival, {panel}.\nAt risk: 107, 93 & <90>", panel) for panel in GROUPS[:2]
    )
    return display("F14_2_3", (), titles=titles, figures=pages)


def picture(lines: int) -> bytes:
    """A PNG as wide as the grid and a whole number of lines high."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Plot

    plot = Plot(figsize=(718.2 / 72, lines * 11 / 72), dpi=100)
    FigureCanvasAgg(plot)
    axes = plot.add_subplot()
    axes.step([0, 3, 6, 12, 24, 36], [100, 80, 62, 41, 22, 18], where="post", color="#1F3A93", label="InO")
    axes.step([0, 3, 6, 12, 24, 36], [100, 76, 55, 32, 11, 6], where="post", color="#B84A00", ls="--", label="SC")
    axes.set_xlabel("Months since randomisation")
    axes.set_ylabel("Overall survival (%)")
    axes.legend()
    held = io.BytesIO()
    plot.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def hostile() -> Display:
    """Every hostile text as title, label, head, cell and footnote."""
    columns = (Column(("Stub {\\rtf}",), 60, align="left"), Column(("Head \\par {x}", "{{ 1 }}"), 73, align="left"))
    rows = tuple(Row(text, (Cell(text, align="left"),)) for text in HOSTILE)
    titles = ("Table {\\b 1}", HOSTILE[3], HOSTILE[15])
    return display("T_HOSTILE", columns, Section(rows, title=HOSTILE[10]), titles=titles, footnotes=HOSTILE[:4])


def everything() -> dict[str, Display]:
    """All sample displays by id, and one without rows."""
    empty = display("T_EMPTY", c8(), Section(()))
    found = (baseline(), response(), adverse_events(), listing(), figure(), hostile(), empty)
    return {one.id: one for one in found}


TWO = (Column(("",), 30, align="left"), Column(("InO",), 13), Column(("SC",), 90))


def two(*rows: Row, **other: object) -> Display:
    return display("T1", TWO, Section(rows), **other)


def counts(label: str, **other: object) -> Row:
    return row(label, "1", "2", **other)


def labels(page: Page) -> list[str]:
    """The first texts of the rows of a page."""
    return [row.texts[0] for row in page.body]
