"""Records that were made of many rows: their edges lead to all of them, through conditions and further blocks."""

from harness import trial

EX = """
USUBJID EXSEQ:integer V:integer EXDOSE:float
S1-1 1 1 10
S1-1 2 1 20
S1-1 3 2 5
S1-2 1 1 0
S1-2 2 2 7
"""
ADX = """
dataset: ADX
class: BDS
keys: [PARAMCD, V]
records:
  - id: CYCLE
    agg: {from: EX, by: [USUBJID, V], value: {AVAL: sum(EXDOSE)}}
    const: {PARAM: Dose in Cycle}
    having: AVAL > 0
  - id: HALF
    from: CYCLE
    where: V = 1
    const: {PARAM: Half of the First Cycle}
    set: {AVAL: AVAL / 2}
  - id: TOTAL
    agg: {from: CYCLE, by: [USUBJID], value: {AVAL: sum(AVAL)}}
    const: {PARAM: Total}
  - id: LAST
    pick: {from: CYCLE, order: [V], take: last}
    per: {from: EX, where: EXSEQ = 1}
    const: {PARAM: Last Cycle}
  - id: DOSE
    from: EX
    where: EXDOSE > 15
    const: {PARAM: High Dose}
    set: {AVAL: EXDOSE, V: V}
"""


def test_edges_lead_through_having_and_blocks_to_every_row(tmp_path):
    made = trial(tmp_path, ADX, sdtm={"EX": EX}).build().datasets["ADX"]
    kinds = [f"{row['USUBJID']} {row['PARAMCD']} {row['AVAL']:g}" for row in made.frame.to_pylist()]
    edges: dict[str, list[str]] = {kind: [] for kind in kinds}
    for edge in made.edges.to_pylist():
        edges[kinds[edge["row"]]].append(f"{edge['source']} {edge['source_row']}")
    assert edges == {
        "S1-1 CYCLE 30": ["EX 0", "EX 1"],
        "S1-1 CYCLE 5": ["EX 2"],
        "S1-1 DOSE 20": [],
        "S1-1 HALF 15": ["EX 0", "EX 1"],
        "S1-1 LAST 5": ["EX 2"],
        "S1-1 TOTAL 35": ["EX 0", "EX 1", "EX 2"],
        "S1-2 CYCLE 7": ["EX 4"],
        "S1-2 LAST 7": ["EX 4"],
        "S1-2 TOTAL 7": ["EX 4"],
    }
    single = [row["source"] for row in made.lineage.to_pylist()]
    assert [kinds[number] for number, source in enumerate(single) if source] == ["S1-1 DOSE 20"]
