"""Findings and datasets with lineage, written short in the tests."""

from dataclasses import replace

import pyarrow as pa
from drawn_datasets import draw

from sdtm2adam.model import Issue, Severity
from sdtm2adam.model.finding import Finding, State
from sdtm2adam.validate.life import Ran, finding_id, findings_of

EVERYTHING = Ran.of({("*", "*")})


def with_lineage(dataset, origins, edges=None, **more):
    """A dataset whose records came from `raw.AE:0`, or from `.` where no single record made it."""
    sources = [None if one == "." else one.split(":")[0] for one in origins.split()]
    rows = [None if one == "." else int(one.split(":")[1]) for one in origins.split()]
    columns = {"row": pa.array(range(len(rows)), pa.int64()), "source": pa.array(sources, pa.string())}
    lineage = pa.table({**columns, "source_row": pa.array(rows, pa.int64()), **more})
    return replace(dataset, lineage=lineage, edges=edges)


def edges_of(*triples):
    """`(row, source, source_row)` of records made of many."""
    rows, sources, places = zip(*triples, strict=True)
    return pa.table({"row": pa.array(rows, pa.int64()), "source": sources, "source_row": pa.array(places, pa.int64())})


def raw_keys(**forms):
    """Keys of raw records by form: `AE=[11, 12]`."""
    return {
        f"raw.{form}": pa.table({"row": pa.array(range(len(keys)), pa.int64()), "RECORDID": keys})
        for form, keys in forms.items()
    }


def issue(*keys, dataset="AE", rule="AE-RULE", severity=Severity.WARNING, text="It is so.", **more):
    """An issue with these keys."""
    return Issue(dataset, rule, severity, text, **({"records": len(keys) or 1} | more), keys=keys)


def one_of(found_issue, datasets=(), keys=None):
    """The one finding of an issue."""
    (found,) = findings_of([found_issue], {one.name: one for one in datasets}, keys)
    return found


def finding(record="AESEQ=1", *, value="", state=State.NEW, severity=Severity.WARNING, rule="AE-RULE", **more):
    """A finding of a record of AE."""
    said = {"dataset": "AE", "variable": "", "key": record, "text": "It is so.", **more}
    identity = finding_id(rule, said["dataset"], said["variable"], record)
    return Finding(**{"id": identity, "rule": rule, "severity": severity, "value": value, "state": state, **said})


def ae(rows, **more):
    """AE with the keys of the study."""
    keys = ("STUDYID", "USUBJID", "AESTDTC", "AETERM")
    return draw("AE", f"STUDYID USUBJID AESEQ:integer AESTDTC AETERM AESER\n{rows}", keys=keys, **more)
