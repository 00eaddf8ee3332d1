"""Lookups of the only row that is equal in one text, as ADSL's by subject: found by codes, without a join."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.by_codes import MOST_LENT, read_at_rest
from sdtm2adam.build.coded import as_places
from sdtm2adam.build.matching import Matching
from sdtm2adam.build.plan import Plan
from sdtm2adam.spec.producer import Pick


def found_by_codes(plan: Plan, pick: Pick, matching: Matching, link: str) -> str | None:
    """The table of a lookup, `_row, _nr, _srow, _place`; None where the database is to make it.

    Args:
        plan: the plan.
        pick: the verb: of one source and one text to match by, without condition, order or confirmation.
        matching: its only candidate.
        link: the name of the link to be, whose places are kept.
    """
    if len(pick.candidates) > 1 or pick.order or pick.confirm or matching.where is not None:
        return None
    if len(matching.stack.parts) > 1 or len(matching.theirs) != 1:
        return None
    relation, part = matching.scope.relation, matching.stack.parts[0]
    mine = read_at_rest(plan, relation, matching.mine[0].sql)
    theirs = part.relation.codes.of(part.actual(matching.theirs[0]) or "")
    if not isinstance(mine, pa.DictionaryArray) or theirs is None or not 0 < 4 * len(mine) <= MOST_LENT:
        return None
    places = only_places(mine, theirs)
    if places is None:
        return None
    relation.places[link] = places
    known = places.is_valid()
    rows = pa.array(np.arange(len(places), dtype=np.int64)).filter(known)
    here = {"_row": rows, "_nr": _all(0, rows), "_srow": places.filter(known).cast(pa.int64()), "_place": _all(1, rows)}
    return plan.warehouse.lend(pa.table(here))


def _all(number: int, rows: pa.Array) -> pa.Array:
    return pa.array(np.full(len(rows), number, dtype=np.int32))


def only_places(mine: pa.DictionaryArray, theirs: pa.DictionaryArray) -> pa.Array | None:
    """For each text its place among others; null where it is missing or not there, None where one is there twice.

    >>> texts = lambda *said: pa.array(said, pa.string()).dictionary_encode()
    >>> only_places(texts("b", None, "x", "b"), texts("a", "b", None, None)).to_pylist()
    [1, None, None, 1]
    >>> only_places(texts("a"), texts("a", "b", "b")) is None
    True
    """
    words = theirs.dictionary.dictionary_encode()  # a text may stand in a dictionary twice
    codes = pc.take(words.indices, theirs.indices)
    known = codes.is_valid().to_numpy(zero_copy_only=False)
    rows, texts = np.flatnonzero(known), codes.drop_null().to_numpy()
    if np.bincount(texts, minlength=1).max() > 1:
        return None
    place_of = np.zeros(len(words.dictionary), dtype=np.int64)
    there = np.zeros(len(words.dictionary), dtype=np.bool_)
    place_of[texts], there[texts] = rows, True
    places = as_places(place_of, missing=~there)
    found = pc.index_in(mine.dictionary, words.dictionary, skip_nulls=True)
    return pc.take(pc.take(places, found), mine.indices)
