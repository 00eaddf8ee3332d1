"""Each view of the dashboard in a browser: hostile text, narrow windows, screen readers, paper."""

import json

import pytest
from browser import PROGRAM
from desk_study import DEAD

from sdtm2adam.model import Severity

pytestmark = [pytest.mark.browser, pytest.mark.skipif(PROGRAM is None, reason="not installed: chromium")]
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
CELLS = """
[...document.querySelector('[aria-labelledby=PART] tbody').rows]
  .map((row) => [...row.cells].map((cell) => cell.textContent))
"""

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
