"""Hand-made histories of leukemia as the frames of the function: days counted from the start."""

from datetime import date, timedelta

import pandas as pd

from sdtm2adam.build.response import derive_response

START = date(2013, 4, 1)
UNITS = {"marrow": "%", "cellularity": "%", "mrd": "%", "blood": "10^9/L", "anc": "10^9/L", "platelets": "10^9/L"}
MEASURES = [*UNITS, "emd"]
GOOD = {"marrow": 3, "blood": 0, "emd": "ABSENT", "anc": 2, "platelets": 150}
SICK = {"marrow": 60, "blood": 1, "emd": "ABSENT", "anc": 1, "platelets": 40}


def frames(histories, start=START, until=None):
    """The frames of several subjects, each a list of visits (days from the start, results)."""
    ids = [f"S{i}" for i in range(len(histories))]
    subjects = pd.DataFrame({"USUBJID": ids}).assign(START=start)
    if until is not None:
        subjects["UNTIL"] = START + timedelta(days=until)
    tables = {}
    for measure in MEASURES:
        rows = [
            (i, START + timedelta(days=day), value)
            for i, visits in zip(ids, histories, strict=True)
            for day, results in visits
            if measure in results
            for value in (results[measure] if isinstance(results[measure], list) else [results[measure]])
        ]
        frame = pd.DataFrame(rows, columns=["USUBJID", "DATE", "VALUE"]).assign(UNIT=UNITS.get(measure))
        tables[measure] = frame.assign(DOMAIN="LB", SEQ=range(1, len(frame) + 1))
    return subjects, tables


def judged(*visits, confirm=None, **said):
    """The responses of one subject as rows."""
    responses, _ = derive_response(*frames([visits], **said), "INO-VATE", accept_unverified=True, confirm=confirm)
    return responses.astype(object).where(responses.notna(), None).to_dict("records")


def codes(*visits, **said):
    return [row["AVALC"] for row in judged(*visits, **said)]
