"""A program that stands in for CDISC CORE: it takes the same options, and writes a report of the same JSON."""

import json
import sys
from datetime import datetime
from pathlib import Path

from drawn_datasets import draw

from sdtm2adam.files.xpt import write_xpt

_PROGRAM = """#!{python}
import json, os, pathlib, subprocess, sys, time
here = pathlib.Path(__file__).resolve().parent
plan = json.loads((here / "plan.json").read_text(encoding="utf-8"))
command, *words = sys.argv[1:]
options = {{}}
for name, value in zip(words[::2], words[1::2], strict=True):
    options.setdefault(name, []).append(value)
if command != "validate" or set(options) - {{"-s", "-v", "-d", "-o", "-of", "-ps", "-l", "-p", "-ca", "-ct", "-dxp"}}:
    sys.exit(2)
files = sorted(path.name for path in pathlib.Path(options["-d"][0]).rglob("*") if path.is_file())
asked = {{"options": options, "environment": dict(os.environ), "folder": os.getcwd(), "files": files}}
(here / "asked.json").write_text(json.dumps(asked))
mode = plan["mode"]
if mode == "crash":
    raise KeyError("a fault of its own in " + os.getcwd())
if mode == "hang":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (here / "child").write_text(str(child.pid))
    time.sleep(600)
if mode == "silent":
    sys.exit(0)
name = options["-o"][0] + ".json"
if mode == "garbage":
    pathlib.Path(name).write_bytes(b'{{"Conformance_Details": {{' + bytes([0xff]))
    sys.exit(0)
read = plan["read"] or [[pathlib.Path(file).stem.upper(), plan["lengths"][file]] for file in files]
head = {{
    "Report_Generation": time.strftime("%Y-%m-%dT%H:%M:%S"), "Total_Runtime": str(time.time()) + " seconds",
    "CORE_Engine_Version": "0.17.1", "Issue_Limit_Per_Rule": "None", "Standard": options["-s"][0].upper(),
    "Version": "V" + options["-v"][0].replace("-", "."), "CT_Version": ", ".join(options.get("-ct", [])),
}}
report = {{
    "Conformance_Details": head | plan["head"],
    "Dataset_Details": [{{"filename": one, "label": "", "path": options["-d"][0], "length": n}} for one, n in read],
    "Issue_Summary": plan["summary"], "Issue_Details": plan["details"], "Rules_Report": plan["rules"],
}}
report = {{key: value for key, value in report.items() if key not in plan["without"]}}
pathlib.Path(name).write_text(
    json.dumps(report, ensure_ascii=False).replace("%HERE%", os.getcwd()), encoding="utf-8"
)
sys.exit(plan["status"])
"""

SUCCESS, ISSUES, SKIPPED, FAILED = "SUCCESS", "ISSUE REPORTED", "SKIPPED", "EXECUTION ERROR"
LENGTHS = {"ae.xpt": 4, "dm.xpt": 2}

AE = draw(
    "AE",
    """STUDYID USUBJID AESEQ:integer AETERM AESER AESDTH
       S1      S1-001  1             HEADACHE N  N
       S1      S1-001  2             NAUSEA Y    N
       S1      S1-002  1             SEPSIS Y    Y
       S1      S1-002  2             RASH   N    .""",
    keys=("STUDYID", "USUBJID", "AETERM"),
)
DM = draw(
    "DM",
    """STUDYID USUBJID AGE:integer SEX
       S1      S1-001  34          F
       S1      S1-002  61          M""",
    keys=("STUDYID", "USUBJID"),
)
STUDY = {"AE": AE, "DM": DM}


def write_transport(folder, datasets=STUDY):
    """The transport files of the datasets, in a folder of their own."""
    folder.mkdir(exist_ok=True)
    for name, dataset in datasets.items():
        write_xpt(dataset, folder / f"{name.lower()}.xpt", datetime(2020, 1, 1))
    return folder


def rule(name, status=SUCCESS, cdisc="", fda=""):
    """A line of Rules_Report."""
    return {
        "core_id": name,
        "version": "1",
        "cdisc_rule_id": cdisc,
        "fda_rule_id": fda,
        "message": "",
        "status": status,
    }


def broken(name, dataset, values, *, message="It is wrong", row="", subject="", sequence="", **words):
    """A line of Issue_Details: a record, or a dataset as a whole, that breaks a rule."""
    return {
        "core_id": name, "message": message, "executability": "fully executable", "dataset": dataset,
        "USUBJID": subject, "row": row, "SEQ": sequence, "variables": list(values), "values": list(values.values()),
    } | words  # fmt: skip


def failed(name, dataset, error):
    """A line of Issue_Details that tells why a rule could not run."""
    return {
        "core_id": name, "message": f"rule execution error - {error}", "executability": "fully executable",
        "dataset": dataset, "USUBJID": "", "row": "", "SEQ": "", "variables": "", "values": "it failed",
    }  # fmt: skip


def stand_in(folder, *, rules=(), details=(), mode="answer", status=0, read=None, head=None, **changes):
    """A program `core` in a folder, and what it will answer; `read` is what it says it has read."""
    folder.mkdir(exist_ok=True)
    summary = [{"dataset": one["dataset"], "core_id": one["core_id"], "message": "", "issues": 1} for one in details]
    plan = {
        "mode": mode, "status": status, "read": read, "lengths": LENGTHS, "head": head or {}, "rules": list(rules),
        "details": list(details), "summary": summary, "without": [],
    } | changes  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    program = folder / "core"
    program.write_text(_PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    return program


def asked_of(program: Path):
    """What the stand-in was asked: options, environment, folder and files."""
    return json.loads((program.parent / "asked.json").read_text())
