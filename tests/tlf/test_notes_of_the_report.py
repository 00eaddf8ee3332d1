"""The footnotes of the bundled report: what they send the reader to is there."""

import re

from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf.frame import footnotes
from sdtm2adam.tlf.kinds import KINDS

_NAMED = re.compile(r"(Tables?|Listings?|Figures?) ((?:\d+(?:\.\d+)+)(?:(?:, | to | and )\d+(?:\.\d+)+)*)")


def test_outputs_that_a_footnote_names_are_in_the_report(report, naming):
    paths = (shelf("specs") / "inovate" / "tlf").glob("*.yaml")
    specs = load_display_specs(paths, report, KINDS, naming)
    numbers = {str(spec.text.number) for spec in specs.values()}
    named = {
        f"{kind.rstrip('s')} {number}"
        for spec in specs.values()
        for kind, many in _NAMED.findall(" ".join(footnotes(spec, report)))
        for number in re.split(r", | to | and ", many)
    }
    assert {"Listing 16.2.4", "Table 14.3.2.4", "Table 14.2.6"} <= named
    assert named <= numbers
