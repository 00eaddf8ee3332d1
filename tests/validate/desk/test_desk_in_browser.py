"""A new user before the dashboard: sees, clicks, presses keys, and comes to the raw record."""

import pytest
from browser import PROGRAM
from desk_study import CONFLICT, DEAD

pytestmark = [pytest.mark.browser, pytest.mark.skipif(PROGRAM is None, reason="not installed: chromium")]
ROWS = "[...document.querySelectorAll('main tbody tr')].map((row) => row.querySelector('th').textContent.trim())"
SEEN = "document.querySelectorAll('main tbody tr').length"


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
    assert person.ask("document.querySelector('th[aria-sort=descending]').textContent") == "Adjusted rate\u00a0↓"
    person.click("#sort-subjects")
    assert person.ask("document.querySelector('th[aria-sort=descending]').textContent") == "Subjects\u00a0↓"
    assert person.ask(ROWS)[:3] == ["102", "104", "103"]
    assert person.ask("document.activeElement.id") == "sort-subjects"
    person.press("Enter")
    person.until("document.querySelector('th[aria-sort=ascending]')?.textContent === 'Subjects\\u00a0↑'")
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
    assert "1 expectation and 2 checks could not run" in told
    assert person.ask("document.getElementById('filters').hidden")
