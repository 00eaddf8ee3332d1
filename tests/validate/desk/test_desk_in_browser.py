"""A new user before the dashboard: sees, clicks, presses keys, and comes to the raw record."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pytest
from browser import PROGRAM
from desk_study import ABOUT, CONFLICT, CUTS, DEAD, RAW_KEYS, findings, looked_at, raw, study
from test_page_of_the_desk import HOSTILE
from visitor import Visitor, visitor

from sdtm2adam.model import Severity
from sdtm2adam.validate.desk import About, render_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.skipif(PROGRAM is None, reason="not installed: chromium")]
PAGES = ("full", "none", "hostile", "many", "long")
VIEWS = (
    "",
    "#findings",
    "#sites",
    "#rules",
    "#datasets",
    "#subjects",
    "#looked",
    "#finding/d000001",
    f"#subject/{DEAD}",
)
ROWS = "[...document.querySelectorAll('main tbody tr')].map((row) => row.querySelector('th').textContent.trim())"
CELLS = """
[...document.querySelector('[aria-labelledby=PART] tbody').rows]
  .map((row) => [...row.cells].map((cell) => cell.textContent))
"""
SEEN = "document.querySelectorAll('main tbody tr').length"

FAULTS = """
(() => {
  const faults = [];
  const all = (selector, root) => [...(root ?? document).querySelectorAll(selector)];
  const name = (one) => one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent;
  for (const one of all('a, button, input, select, summary, [role=region]')) {
    if (!name(one).trim()) faults.push(one.outerHTML);
  }
  for (const one of all('table')) {
    if (!one.caption) faults.push('a table without caption');
    for (const head of all('th', one)) if (!head.scope) faults.push(head.outerHTML);
  }
  const ids = all('[id]').map((one) => one.id);
  ids.forEach((id, at) => { if (ids.indexOf(id) !== at) faults.push(`twice: ${id}`); });
  for (const one of all('[aria-labelledby]')) {
    for (const id of one.getAttribute('aria-labelledby').split(' ')) {
      if (!document.getElementById(id)) faults.push(`no ${id}`);
    }
  }
  let last = 0;
  for (const one of all('h1, h2, h3')) {
    const level = Number(one.tagName[1]);
    if (level > last + 1) faults.push(`after h${last}: ${one.outerHTML}`);
    last = level;
  }
  if (all('h1').length !== 1) faults.push('not one h1');
  for (const tag of ['header', 'nav', 'main', 'footer']) if (!all(tag).length) faults.push(`no ${tag}`);
  for (const one of all('svg')) if (!all('title', one).length || !all('desc', one).length) faults.push('no words');
  return faults;
})()
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, dict]]:
    """A visitor, and the pages that may be visited."""
    folder = tmp_path_factory.mktemp("desk")
    hostile = replace(
        CONFLICT, text=HOSTILE, value=HOSTILE, query=HOSTILE, rule=HOSTILE, variable=HOSTILE, site=HOSTILE
    )
    forms = {**raw(), "DEATH": raw()["DEATH"].append_column(HOSTILE, pa.array([HOSTILE] * 2))}
    long = pa.table(
        {
            "SUBJECT": ["102-003"] * 120,
            "RECORDID": list(map(str, range(120))),
            "T": [f"SURVEY {at}" for at in range(120)],
        }
    )
    many = [replace(one, id=f"{one.id}-{copy}") for copy in range(100) for one in findings()]
    made = {
        "full": render_dashboard(
            findings(), looked_at(), study(), about=ABOUT, raw=raw(), raw_keys=RAW_KEYS, history=CUTS
        ),
        "none": render_dashboard([], looked_at(), study(), about=ABOUT),
        "hostile": render_dashboard([hostile], looked_at(), study(), about=About(HOSTILE, marks=(HOSTILE,)), raw=forms),
        "long": render_dashboard(
            [replace(CONFLICT, raw=("LONG RECORDID=77",))], looked_at(), study(), raw={"LONG": long}
        ),
        "many": render_dashboard(many, looked_at(), study(), raw=raw()),
    }
    paths = {name: folder / f"{name}.html" for name in PAGES}
    for name, page in made.items():
        paths[name].write_bytes(page)
    with visitor(folder / "profile") as person:
        yield person, paths


def test_by_mouse_from_the_dashboard_to_the_worst_sites_and_the_raw_record_of_a_death(desk):
    person, pages = desk
    person.open(pages["full"])
    worst = person.ask(
        "[...document.querySelectorAll('[aria-labelledby=h-sites] tbody th')].map((one) => one.textContent)"
    )[:3]
    assert worst == ["102", "103", "104"]
    person.click("main tbody th a", "102")
    person.arrive("Findings")
    assert person.ask("document.getElementById('shown').textContent") == "42 of 103 open findings"
    person.click("main tbody a", "survival form give the same day")
    person.arrive(CONFLICT.text)
    marked = "[...document.querySelectorAll('#raw tr.marked')].map((row) => row.textContent)"
    shown = person.ask(marked)
    assert len(shown) == 2
    assert "05 MAR 2020" in shown[0]
    assert "07 MAR 2020" in shown[1]
    assert person.ask("document.querySelector('#raw tr.marked').getAttribute('aria-current')") == "true"
    assert person.window.complaints == []


def test_by_keyboard_from_the_dashboard_to_the_raw_record_of_a_death(desk):
    person, pages = desk
    person.open(pages["full"])
    person.press("Tab")
    assert person.focused() == "Skip to the content"
    person.press("Enter")
    assert person.ask("document.activeElement.tagName") == "H1"
    person.tab_to("102")
    person.press("ArrowDown", 2)
    assert person.focused() == "104"
    person.press("ArrowUp", 2)
    assert person.focused() == "102"
    person.press("Enter")
    person.arrive("Findings")
    assert person.ask("document.activeElement.textContent") == "Findings"
    person.press("Tab", shift=True)
    while person.focused() != "Text":
        person.press("Tab", shift=True)
    person.type("day of death")
    person.until(f"{SEEN} === 1")
    assert person.ask("document.activeElement.id") == "filter-text"
    person.tab_to(CONFLICT.text)
    person.press("Enter")
    person.arrive(CONFLICT.text)
    assert person.focused() == CONFLICT.text
    person.tab_to("Form DEATH of subject 102-003: 1 record, 1 marked")
    assert person.ask("document.activeElement.querySelector('tr.marked').textContent.includes('05 MAR 2020')")


def test_a_site_with_one_subject_is_not_the_worst_by_chance(desk):
    person, pages = desk
    person.open(pages["full"], "#sites?sort=-rate")
    assert person.ask(f"{ROWS}[0]") == "101"
    person.click("#sort-adjusted")
    assert person.ask(ROWS)[:3] == ["102", "103", "104"]
    first = (
        "[...document.querySelectorAll('main tbody tr')].find((row) => row.textContent.startsWith('101')).textContent"
    )
    assert "few 1" in person.ask(first)


def test_filters_combine_and_stand_in_the_address(desk):
    person, pages = desk
    person.open(pages["full"], "#findings?site=102&rule=VISIT-WINDOW&text=USUBJID%3DST-102-003")
    assert person.ask(SEEN) == 2
    assert person.ask("document.getElementById('filter-site').value") == "102"
    person.click("#clear")
    assert person.ask("location.hash") == "#findings"
    assert person.ask("document.getElementById('shown').textContent") == "All 103 open findings"
    person.open(pages["full"], "#findings?state=accepted")
    assert person.ask(ROWS) == ["● Note An event has a start.AE.AESTDTC · ST-103-001"]
    person.open(pages["full"], "#findings?state=all&severity=error,note")
    assert person.ask(SEEN) == 3
    person.open(pages["full"], "#findings?rule=%E0%A4%A&site=%zz&page=x&sort=nothing")
    assert "No finding passes" in person.ask("document.querySelector('main').textContent")


def test_a_table_is_sorted_by_its_heads_and_says_so(desk):
    person, pages = desk
    person.open(pages["full"], "#sites")
    assert person.ask("document.querySelector('th[aria-sort=descending]').textContent") == "Adjusted rate ↓"
    person.click("#sort-subjects")
    assert person.ask("document.querySelector('th[aria-sort=descending]').textContent") == "Subjects ↓"
    assert person.ask(ROWS)[:3] == ["102", "104", "103"]
    assert person.ask("document.activeElement.id") == "sort-subjects"
    person.press("Enter")
    person.until("document.querySelector('th[aria-sort=ascending]')?.textContent === 'Subjects ↑'")
    assert person.ask(ROWS)[0] == "101"
    assert "sort=subjects" in person.ask("location.hash")


def test_many_findings_are_drawn_in_slices(desk):
    person, pages = desk
    person.open(pages["many"], "#findings")
    assert person.ask(SEEN) == 50
    assert person.ask("document.getElementById('shown').textContent") == "All 10,300 open findings"
    person.click("#page-after")
    assert "page=2" in person.ask("location.hash")
    assert person.ask("document.querySelector('.pager span').textContent") == "Page 2 of 206"
    assert person.ask("document.activeElement.id") == "page-after"


def test_a_long_listing_opens_where_the_marked_record_is(desk):
    person, pages = desk
    person.open(pages["long"], "#finding/d000001")
    assert person.ask("document.querySelector('#raw .pager span').textContent") == "Page 2 of 3"
    assert person.ask("document.querySelectorAll('#raw tr.marked').length") == 1
    assert "SURVEY 77" in person.ask("document.querySelector('#raw tr.marked').textContent")
    person.click("#raw button", "Next page")
    assert person.ask("document.querySelectorAll('#raw .listed tbody tr').length") == 20


def test_part_of_a_subject_finds_all_that_have_it_and_the_whole_only_one(desk):
    person, pages = desk
    person.open(pages["full"], "#findings?subject=102-00&text=survival")
    assert person.ask(SEEN) == 1
    person.open(pages["full"], "#subjects?subject=-003")
    assert person.ask(SEEN) == 9
    person.open(pages["full"], f"#subjects?subject={DEAD}")
    assert person.ask(SEEN) == 1


def test_back_and_forward_go_through_the_views(desk):
    person, pages = desk
    person.open(pages["full"])
    person.click("#view-rules")
    person.arrive("Rules")
    person.ask("history.back()")
    person.arrive("Overview")
    assert person.ask("document.title") == "Overview - Issues - ST"


def test_nothing_found_is_told_with_how_much_was_looked_at(desk):
    person, pages = desk
    person.open(pages["none"])
    told = person.ask("document.querySelector('main').innerText")
    assert "No issues" in told
    assert "2 datasets, 100 records, 96 subjects, 10 sites." in told
    assert "1 check could not run" in told
    assert person.ask("document.getElementById('filters').hidden")


@pytest.mark.parametrize("view", ["", "#findings", "#finding/d000001", "#rules", "#sites"])
def test_hostile_text_is_shown_as_text(desk, view):
    person, pages = desk
    person.open(pages["hostile"], view)
    assert person.window.complaints == []
    assert person.ask("document.querySelectorAll('img').length") == 0
    assert person.ask("[...document.querySelectorAll('script:not([type])')].length") == 1
    assert "<script>alert(1)</script>" in person.ask("document.body.innerText")
    assert not person.ask(r"/[\u202e\u0000\u0007]/.test(document.body.innerText)")


def test_the_profile_shows_what_was_collected_and_no_more(desk):
    person, pages = desk
    person.open(pages["full"], f"#subject/{DEAD}")
    assert "Timeline of ST-102-003" in person.ask("document.querySelector('svg title').textContent")
    drawn = person.ask(
        "[...document.querySelectorAll('svg g:has(rect.partial) > title')].map((one) => one.textContent)"
    )
    assert drawn == ["2020-02: Sepsis, sepsis, grade 5, serious"]
    rows = ["|".join(row) for row in person.ask(CELLS.replace("PART", "h-events"))]
    assert any(row.startswith("2020-02 partial||") and "Sepsis" in row and "Serious" in row for row in rows)
    assert any(row.startswith("2020-01-18||9|Laboratory|Platelets (BLOOD)|<5 10^9/L") for row in rows)
    told = person.ask("document.querySelector('[aria-labelledby=h-time]').innerText")
    assert "1 date outside the picture" in told
    assert person.ask("document.querySelectorAll('svg .point').length") == 2
    assert person.ask("document.querySelectorAll('svg a[aria-label]').length") >= 1


def test_an_event_that_goes_on_has_an_arrow_and_one_without_date_only_a_row(desk):
    person, pages = desk
    person.open(pages["full"], "#subject/ST-103-001")
    assert person.ask("document.querySelectorAll('svg .arrow').length") == 1
    assert "in the lists only: 1 event" in person.ask("document.querySelector('[aria-labelledby=h-time]').innerText")
    assert "(no date)" in person.ask("document.querySelector('[aria-labelledby=h-events]').innerText")


def test_the_query_can_be_copied(desk):
    person, pages = desk
    person.open(pages["full"], "#finding/d000001")
    person.ask("document.execCommand = () => true")
    person.click("button", "Copy query")
    person.until("document.getElementById('told').textContent === 'The query text is copied.'")


@pytest.mark.parametrize("width", [400, 1600])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_the_window_and_complains_of_nothing(desk, view, width):
    person, pages = desk
    person.open(pages["full"], view, width=width)
    assert person.ask("document.documentElement.scrollWidth <= innerWidth")
    assert person.window.complaints == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_screen_reader_finds_its_way(desk, view):
    person, pages = desk
    person.open(pages["full"], view)
    faults = person.ask(FAULTS)
    assert faults == []


def test_the_trend_is_a_picture_and_a_table(desk):
    person, pages = desk
    person.open(pages["full"])
    told = person.ask("document.querySelector('svg.trend desc').textContent")
    assert "2020-01-31: 4 errors, 120 warnings, 3 notes" in told
    assert person.ask(CELLS.replace("PART", "h-trend")) == [
        ["2020-01-31", "4", "120", "3", "127", "0"],
        ["2020-06-30", "1", "101", "2", "5", "28"],
    ]


def test_severity_is_told_in_words_and_signs_beside_colour(desk):
    person, pages = desk
    person.open(pages["full"], "#findings?state=all")
    said = person.ask("[...new Set([...document.querySelectorAll('main .badge')].map((one) => one.textContent))]")
    assert json.dumps(sorted(said)) == json.dumps(sorted(["✖ Error", "▲ Warning"]))
    assert {one.value for one in Severity} == {"error", "warning", "note"}


def test_it_prints_without_what_only_a_screen_can_use(desk):
    person, pages = desk
    person.open(pages["full"])
    person.window._send("Emulation.setEmulatedMedia", media="print")
    hidden = person.ask(
        "['nav', '#filters', '.skip'].map((one) => getComputedStyle(document.querySelector(one)).display)"
    )
    person.window._send("Emulation.setEmulatedMedia", media="")
    assert hidden == ["none"] * 3
    assert person.window.printed().startswith(b"%PDF")
