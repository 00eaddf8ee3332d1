"""ADaM of drawn SDTM, by the specs of the trial."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from drawn_sdtm import draw_sdtm
from messy_study import study_folder
from messy_trials import change_settings
from second_subject import Settings, settings_of

from sdtm2adam.build.study import Built, Inputs, build
from sdtm2adam.spec.library import read_specs

ADAM = ("ADSL", "ADRS", "ADTTE", "ADAE")
Frames = Callable[[str], pd.DataFrame]


class DrawnTrial:
    """SDTM drawn by a seed, and the study it is analysed by, both in a folder."""

    def __init__(self, place: Path, seed: int, *, errors: bool = False, **settings: str) -> None:
        self.place = place
        self.sdtm = draw_sdtm(seed, errors=errors)
        self.study = study_folder(place / "study")
        for stage in ("sdtm", "raw"):
            shutil.rmtree(self.study / "specs" / stage)
        change_settings(self.study / "study.yaml", settings)

    @property
    def settings(self) -> Settings:
        return settings_of(self.study / "study.yaml")

    def build(self, *, threads: int = 1, shuffled: int | None = None) -> Built:
        """The analysis datasets; `shuffled` is the seed of another order of all rows."""
        folder = self.place / f"sdtm-{shuffled}"
        folder.mkdir(exist_ok=True)
        for name, frame in self.sdtm.items():
            if shuffled is not None:
                frame = frame.iloc[np.random.default_rng(shuffled).permutation(len(frame))]
            pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
        files = {name: folder / f"{name}.parquet" for name in self.sdtm}
        return build(read_specs(self.study), Inputs(sdtm=files), only=ADAM, threads=threads)

    def read(self, name: str) -> pd.DataFrame:
        """A dataset as the second derivation reads it: qualifiers are columns already."""
        empty = pd.DataFrame({column: pd.Series(dtype="str") for column in ("USUBJID", "IDVARVAL", "QNAM", "QVAL")})
        return empty if name.startswith("SUPP") else self.sdtm[name]
