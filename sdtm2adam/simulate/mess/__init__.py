"""Errors as sites and vendors make them, planted into the clean exports; `mess_truth.csv` says what was planted."""

from collections.abc import Collection

from sdtm2adam.simulate.mess import commas
from sdtm2adam.simulate.mess.commas import write_commas
from sdtm2adam.simulate.mess.kinds import KINDS, Kind, choose_kinds, in_order
from sdtm2adam.simulate.mess.log import COLUMNS, Log
from sdtm2adam.simulate.mess.scene import Forms, Scene

__all__ = ["COLUMNS", "KINDS", "Forms", "Kind", "Log", "choose_kinds", "plant"]


def plant(forms: Forms, kinds: Collection[Kind], seed: int) -> tuple[Forms, Log]:
    """Plants kinds of mess into clean exports.

    Every kind has random streams of its own and chooses among the clean records, whether it is planted or not: the same
    seed plants the same errors of a kind, whatever other kinds are.

    Args:
        forms: the clean exports, form name -> table of text; a form that a kind knows and that is not there is passed
            over.
        kinds: which to plant.
        seed: of the errors; that of the trial does not matter.

    Returns:
        the exports with the errors, their records in the order of their keys, and the log of the errors.
    """
    on = {kind.number for kind in kinds}
    if not on:
        return forms, Log()
    scene = Scene.of(forms, seed)
    for kind in in_order():
        if kind.plant is not None:
            with scene.planting(kind.name, kind.expect, kind.number in on):
                kind.plant(scene)
    if any(kind.name == commas.NAME for kind in kinds):
        return write_commas(scene.messy(), scene.log)
    return scene.messy(), scene.log
