"""What a browser makes of the run: no complaint, the planned pages on paper, and every output found by its number."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from browser import PROGRAM, browser

MISSING = [] if PROGRAM and shutil.which("pdfinfo") else ["chromium, pdfinfo"]
pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]


def test_every_output_opens_prints_its_planned_pages_and_is_found_in_the_index(output: Path, tmp_path: Path) -> None:
    plans = {
        path.name.removesuffix(".display.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((output / "results").glob("*.display.json"))
    }
    with browser(tmp_path / "profile") as window:
        for name, pages in plans.items():
            window.open(output / "tlf" / f"{name}.html")
            assert window.complaints == [], name
            pdf = tmp_path / f"{name}.pdf"
            pdf.write_bytes(window.printed())
            info = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, timeout=60).stdout.decode()
            assert re.search(rf"^Pages: +{len(pages)}$", info, re.MULTILINE), name
        window.open(output / "tlf" / "index.html")
        assert window.complaints == []
        window.ask("var box = document.querySelector('input'); var rows = [...document.querySelectorAll('tbody tr')]")
        assert window.ask("rows.length") == len(plans)
        for pages in plans.values():
            number = pages[0]["titles"][0]
            window.ask(f"box.value = {json.dumps(number)}; box.dispatchEvent(new Event('input'))")
            shown = window.ask("rows.filter(row => row.offsetHeight).map(row => row.querySelector('a').textContent)")
            assert number in shown
