"""Exposure: the last dose on the end-of-treatment form, and doses typed in the unit that was not asked."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.text import dates, days_of, numbers

_LEAST_SURFACE = 1.3


def last_dose(scene: Scene) -> None:
    """2 % of the end-of-treatment forms name a day three days before the last dose."""
    if scene.has("EOT", "LASTDOSE"):
        rows = scene.choose("EOT", scene.known("EOT", "LASTDOSE"), 0.02)
        scene.change("EOT", rows, "LASTDOSE", dates(days_of(scene.column("EOT", "LASTDOSE"))[rows] - 3))


def dose_per_surface(scene: Scene) -> None:
    """Half a percent of the doses of inotuzumab ozogamicin are in mg/m2 where mg is asked."""
    if not scene.has("EX_INO", "EXDOSE", "PLANDOSE", "BSA", "EXADJ"):
        return
    surface = scene.column("EX_INO", "BSA").cast(pa.float64()).to_numpy(zero_copy_only=False)
    plain = ~scene.equals("EX_INO", "EXADJ", "Reduced") & (np.asarray(surface) >= _LEAST_SURFACE)
    rows = scene.choose("EX_INO", scene.known("EX_INO", "EXDOSE") & plain, 0.005)
    planned = scene.column("EX_INO", "PLANDOSE").take(pa.array(rows)).cast(pa.float64())
    scene.change("EX_INO", rows, "EXDOSE", numbers(planned.to_numpy(zero_copy_only=False), 2))
