"""Which subjects and groups an interaction is tested over."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import Estimate, too_small
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.context import Arms, Context
from sdtm2adam.tlf.population import Mask


def interaction_groups(context: Context, row: DisplayRow, arms: Arms) -> npt.NDArray[np.intp]:
    """The group of each subject of both arms: 0, 1, ... for the levels taken, -1 for all others."""
    assert row.interaction is not None
    group = np.full(len(context.population), -1, dtype=np.intp)
    for code, level in enumerate(context.naming.interaction_levels(row)):
        group[context.population.level(str(row.interaction.by), level) & arms.both] = code
    return group


def first_too_small(
    context: Context, row: DisplayRow, arms: Arms, group: npt.NDArray[np.intp], used: Mask, event: Mask | None
) -> Estimate | None:
    """The size rule for an interaction: it compares comparisons, so each of them must be large, empty ones too."""
    params = context.report.params
    for code in range(len(context.naming.interaction_levels(row))):
        here = used & (group == code)
        events = None if event is None else int((event & here).sum())
        n1, n0 = int((here & arms.treatment).sum()), int((here & arms.control).sum())
        small = too_small(n1, n0, events, min_subjects=params.min_arm, min_events=params.min_events)
        if small is not None:
            return small
    return None
