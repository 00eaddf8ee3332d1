"""Hand-made histories of leukemia for the tests of response blocks."""

from harness import build_one

CRITERIA = "INO-VATE"
SUBJECTS = "USUBJID STUDYID START:date UNTIL:date\n"
LB = "USUBJID LBSEQ:integer LBTESTCD LBSTRESN:float LBSTRESU LBDTC\n"
RS = "USUBJID RSSEQ:integer RSTESTCD RSSTRESC RSDTC\n"
PR = "USUBJID PRSEQ:integer PRTRT PRSTDTC\n"
UNITS = {"BLASTCE": "%", "CELLULAR": "%", "ABCCE": "%"}
BLOCK = """
dataset: ADX
class: BDS
keys: [PARAMCD, ADT]
records:
  - id: OVR
    per: SUBJ
    response:
      criteria: INO-VATE
      accept_unverified: true
      start: START
      until: UNTIL
      assessments:
        marrow: {from: LB, where: LBTESTCD = 'BLASTCE', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        cellularity: {from: LB, where: LBTESTCD = 'CELLULAR', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        blood: {from: LB, where: LBTESTCD = 'BLAST', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        anc: {from: LB, where: LBTESTCD = 'NEUT', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        platelets: {from: LB, where: LBTESTCD = 'PLAT', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        mrd: {from: LB, where: LBTESTCD = 'ABCCE', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
        emd: {from: RS, where: RSTESTCD = 'EMDRESP', date: dt(RSDTC), value: RSSTRESC}
"""
_TESTS = {"bm": "BLASTCE", "cell": "CELLULAR", "pb": "BLAST", "anc": "NEUT", "plt": "PLAT", "mrd": "ABCCE"}


def history(*visits, start="2013-04-01", until="."):
    """The tables of one subject: each visit a date and its results (`bm=3, pb=0, emd="ABSENT", anc=1, plt=100`)."""
    lb, rs = [], []
    for day, results in visits:
        for key, value in results.items():
            if key == "emd":
                rs.append(f"S1-1 {len(rs) + 1} EMDRESP {value} {day}")
            else:
                for one in value if isinstance(value, list) else [value]:
                    test = _TESTS[key]
                    lb.append(f"S1-1 {len(lb) + 1} {test} {one} {UNITS.get(test, '10^9/L')} {day}")
    return {"SUBJ": f"{SUBJECTS}S1-1 S1 {start} {until}", "LB": LB + "\n".join(lb), "RS": RS + "\n".join(rs)}


GOOD = {"bm": 3, "pb": 0, "emd": "ABSENT", "anc": 2, "plt": 150}
SICK = {"bm": 60, "pb": 1, "emd": "ABSENT", "anc": 1, "plt": 40}


def judged(folder, *visits, body=BLOCK, **said):
    """The dataset ADX of a history."""
    return build_one(folder, body, sdtm=history(*visits, **said))
