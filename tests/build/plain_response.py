"""A second reading of the bundled criteria sets, in plain Python: thresholds, windows and history by loops.

Days are counted from the start (0). A history is `{measure: [(day, value), ...]}`. True, False, None: met, not met,
not to be judged.
"""

WORSE_LOW = {"anc", "platelets", "hemoglobin", "cellularity"}
TEXTS = {"emd": ["ABSENT", "RESOLVED", "PRESENT"], "symptoms": ["ABSENT", "PRESENT"], "clear": ["ABSENT", "PRESENT"]}


def yes(*terms):
    """All of them."""
    return False if any(t is False for t in terms) else None if any(t is None for t in terms) else True


def one(*terms):
    """One of them."""
    return True if any(t is True for t in terms) else None if any(t is None for t in terms) else False


def no(term):
    """Not."""
    return None if term is None else not term


def two(*terms):
    """At least two of them."""
    sure, maybe = sum(t is True for t in terms), sum(t is not False for t in terms)
    return True if sure >= 2 else False if maybe < 2 else None


def holds(value, test):
    """A test of a value that may be missing."""
    return None if value is None else test(value)


def badness(kind, value):
    """Higher is worse."""
    if isinstance(value, str):
        return TEXTS[kind].index(value)
    return -value if kind in WORSE_LOW else value


def ratio(now, before):
    """How many times as much; from nothing to nothing is no change."""
    if now is None or before is None:
        return None
    if before == 0:
        return 1 if now == 0 else float("inf")
    return round(now / before, 9)


class History:
    """One subject."""

    def __init__(self, records, windows, anchors, kinds=None):
        self.records, self.windows, self.kinds = records, windows, kinds or {}
        self.days = sorted({d for a in anchors for d, _ in records.get(a, []) if d > 0})

    def kind(self, measure):
        return self.kinds.get(measure, measure)

    def known(self, measure):
        return [(d, v) for d, v in self.records.get(measure, []) if v is not None]

    def at(self, measure, day):
        """The day and value that count at an assessment."""
        before, after = self.windows.get(measure, (0, 0))
        found = [(d, v) for d, v in self.known(measure) if d <= day + after and (before is None or d >= day - before)]
        found.sort(key=lambda r: (abs(r[0] - day), r[0], -badness(self.kind(measure), r[1])))
        return found[0] if found else (None, None)

    def baseline(self, measure):
        found = [(d, v) for d, v in self.known(measure) if d <= 0]
        found.sort(key=lambda r: (-r[0], -badness(self.kind(measure), r[1])))
        return found[0][1] if found else None

    def lowest(self, measure, day):
        """The nadir: baseline and what counted at earlier assessments."""
        values = [self.at(measure, d)[1] for d in self.days if d < day]
        values = [v for v in [*values, self.baseline(measure)] if v is not None]
        return min(values, default=None)

    def free(self, day, days):
        """No transfusion up to so many days before a day."""
        return not any(day - days <= d <= day for d, _ in self.records.get("transfusion", []))


def leukemia(history, first_true):
    """The responses of a set whose remission is marrow, blood and extramedullary disease: (day, code, remission)."""
    had, told = False, []
    for day in history.days:
        value = {m: history.at(m, day)[1] for m in (*history.windows, "marrow", "cellularity")}
        remission = yes(
            holds(value["marrow"], lambda v: v < 5),
            holds(value["blood"], lambda v: v == 0),
            holds(value["emd"], lambda v: v != "PRESENT"),
        )
        relapse = yes(had, no(remission))
        responses = [("RELAPSED DISEASE FROM CR", relapse), *first_true(history, day, value, remission)]
        told.append((day, next((code for code, state in responses if state is True), "NE"), remission))
        had = had or remission is True
    return told


def new_emd(history, value):
    return yes(
        holds(value["emd"], lambda v: v == "PRESENT"), no(holds(history.baseline("emd"), lambda v: v == "PRESENT"))
    )


def inovate(history, _day, value, remission):
    base = {m: history.baseline(m) for m in ("marrow", "blood")}
    recovery = yes(holds(value["anc"], lambda v: v >= 1), holds(value["platelets"], lambda v: v >= 100))
    up = [holds(ratio(value[m], base[m]), lambda r: r >= 1.25) for m in base]
    pr = yes(
        holds(ratio(value["marrow"], base["marrow"]), lambda r: r <= 0.5),
        holds(value["marrow"], lambda v: 5 <= v <= 25),
    )
    return [
        ("CR", yes(remission, recovery)),
        ("CRi", yes(remission, no(recovery))),
        ("PD", one(*up, new_emd(history, value))),
        ("PR", pr),
        ("TREATMENT FAILURE", no(remission)),
        ("INDETERMINATE RESPONSE", holds(value["cellularity"], lambda v: v < 10)),
    ]


def nccn(history, day, value, remission):
    low = {m: history.lowest(m, day) for m in ("marrow", "blood")}
    recovery = yes(holds(value["anc"], lambda v: v > 1), holds(value["platelets"], lambda v: v > 100))
    up = [holds(ratio(value[m], low[m]), lambda r: r >= 1.25) for m in low]
    return [
        ("CR", yes(remission, recovery)),
        ("CRi", yes(remission, no(recovery))),
        ("PD", one(*up, new_emd(history, value))),
        ("NR", no(remission)),
    ]


def eln(history, day, value, remission):
    marrow, blood = value["marrow"], value["blood"]
    base = history.baseline("marrow")
    taken = history.at("platelets", day)[0]

    def platelets(limit):
        enough = holds(value["platelets"], lambda v: v >= limit)
        return enough if taken is None else yes(enough, history.free(taken, 7))

    anc, full = holds(value["anc"], lambda v: v >= 1), platelets(100)
    recovery, half = yes(anc, full), yes(holds(value["anc"], lambda v: v >= 0.5), platelets(50))
    points = None if marrow is None or base is None else round(marrow - base, 9) >= 15
    marrow_up = yes(holds(ratio(marrow, base), lambda r: r > 1.5), one(points, holds(base, lambda v: v >= 30)))
    blood_up = yes(holds(ratio(blood, history.baseline("blood")), lambda r: r > 1.5), holds(blood, lambda v: v > 25))
    clean = yes(holds(blood, lambda v: v == 0), holds(value["emd"], lambda v: v != "PRESENT"))
    pr = yes(holds(ratio(marrow, base), lambda r: r <= 0.5), holds(marrow, lambda v: 5 <= v <= 25), clean, recovery)
    return [
        ("CR", yes(remission, recovery)),
        ("CRh", yes(remission, half, no(recovery))),
        ("CRi", yes(remission, one(anc, full), no(recovery))),
        ("MORPHOLOGIC LEUKEMIA-FREE STATE", yes(remission, no(anc), no(full))),
        ("PD", one(marrow_up, blood_up, new_emd(history, value))),
        ("PR", pr),
        ("NR", no(remission)),
    ]


def iwcll(history):
    """The responses in chronic lymphocytic leukemia: (day, code, None)."""
    told = []
    limits = {"nodes": 1.5, "spleen": 13, "lymphocytes": 4}
    for day in history.days:
        value = {m: history.at(m, day)[1] for m in history.windows}
        base = {m: history.baseline(m) for m in history.windows}
        taken = {m: history.at(m, day)[0] for m in ("platelets", "hemoglobin")}
        normal = {m: holds(value[m], lambda v, m=m: v < limits[m]) for m in limits}
        large = {m: holds(base[m], lambda v, m=m: v >= limits[m]) for m in limits}
        better = {m: yes(large[m], one(normal[m], holds(ratio(value[m], base[m]), lambda r: r <= 0.5))) for m in limits}
        up = {m: holds(ratio(value[m], history.lowest(m, day)), lambda r: r >= 1.5) for m in limits}
        enough = {}
        for m, limit in (("platelets", 100), ("hemoglobin", 110)):
            state = holds(value[m], lambda v, limit=limit: v >= limit)
            enough[m] = state if taken[m] is None else yes(state, history.free(taken[m], 7))
        anc = holds(value["anc"], lambda v: v >= 1.5)
        rise = [holds(ratio(value[m], base[m]), lambda r: r >= 1.5) for m in enough]
        drop = (
            None
            if None in (value["hemoglobin"], base["hemoglobin"])
            else value["hemoglobin"] - base["hemoglobin"] <= -20
        )
        cleared = yes(*normal.values(), *(holds(value[m], lambda v: v == "ABSENT") for m in ("symptoms", "marrow")))
        counts = yes(*enough.values(), anc)
        progression = one(
            *(yes(up[m], no(normal[m])) for m in limits),
            holds(ratio(value["platelets"], base["platelets"]), lambda r: r <= 0.5),
            drop,
        )
        tumor = one(two(*better.values()), yes(one(*better.values()), no(two(*large.values()))))
        responses = [
            ("PD", progression),
            ("CR", yes(cleared, counts)),
            ("CRi", yes(cleared, no(counts))),
            ("PR", yes(tumor, one(*enough.values(), *rise, anc))),
            ("SD", no(one(progression, cleared))),
        ]
        told.append((day, next((code for code, state in responses if state is True), "NE"), None))
    return told
