"""Feeds: samples without a result, the committee's other answers, MRD that was not measured, open queries."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.text import join
from sdtm2adam.simulate.visits import FOLDERS


def central_samples(scene: Scene) -> None:
    """Central samples without a result: not enough, or none (as in the clean export); and hemodilute ones."""
    if not scene.has("CFLOW", "Patient", "Visit", "CD22Pct", "Comment"):
        return
    comment = scene.column("CFLOW", "Comment")
    empty = pc.is_null(scene.column("CFLOW", "CD22Pct"))
    scene.tell("CFLOW", scene.key("CFLOW").filter(empty), "CD22Pct", "", pc.fill_null(comment.filter(empty), ""))
    measured = scene.known("CFLOW", "CD22Pct") & ~scene.known("CFLOW", "Comment")
    rows = scene.choose("CFLOW", measured, 0.03)
    scene.change("CFLOW", rows, "Comment", pa.repeat("hemodilute", len(rows)))
    if scene.has("IVRS", "SUBJ"):
        screened = scene.subject("CFLOW").filter(pa.array(scene.equals("CFLOW", "Visit", FOLDERS[0])))
        none = pc.invert(pc.is_in(scene.subject("IVRS"), value_set=screened))
        scene.tell("IVRS", scene.key("IVRS").filter(none), "", "", "no central sample")


def committee(scene: Scene) -> None:
    """Assessments that the committee reads otherwise than the investigator: in the clean export."""
    if not (scene.has("EAC", "SUBJ", "CYCLE", "FINAL") and scene.has("RESP", "RESP")):
        return
    visit = join(scene.subject("RESP"), "/", scene.column("RESP", "FOLDER"))
    read = join(scene.subject("EAC"), "/", scene.column("EAC", "CYCLE"), " Disease Assessment")
    told = scene.column("RESP", "RESP").take(pc.index_in(read, value_set=visit))
    final = scene.column("EAC", "FINAL")
    other = pc.fill_null(pc.not_equal(told, final), False)
    scene.tell("EAC", scene.key("EAC").filter(other), "FINAL", told.filter(other), final.filter(other))


def unmeasured_disease(scene: Scene) -> None:
    """12 % of the subjects in remission have no sample for residual disease."""
    if not scene.has("MRD", "STATUS"):
        return
    subject = scene.subject("MRD")
    first = np.zeros(len(subject), dtype=bool)
    first[np.unique(np.asarray(pc.index_in(subject, value_set=pc.unique(subject))), return_index=True)[1]] = True
    chosen = scene.choose("MRD", first, 0.12)
    gone = pc.is_in(subject, value_set=subject.take(pa.array(chosen)))
    rows = np.flatnonzero(np.asarray(gone))
    scene.take("MRD", rows)
    scene.remove("MRD", rows)
    scene.tell("MRD", scene.key("MRD").filter(gone), "", scene.column("MRD", "STATUS").filter(gone), "no sample")


def open_queries(scene: Scene) -> None:
    """Queries that are still open, where the export lists queries."""
    names = scene.forms["QUERIES"].column_names if "QUERIES" in scene.forms else []
    status = next((name for name in names if name.upper() in ("STATUS", "QRYSTAT", "QSTATUS")), "")
    if status:
        is_open = pc.fill_null(pc.equal(pc.utf8_lower(scene.column("QUERIES", status)), "open"), False)
        values = scene.column("QUERIES", status).filter(is_open)
        scene.tell("QUERIES", scene.key("QUERIES").filter(is_open), status, values, values)
