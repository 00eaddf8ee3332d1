"""A clean and a messy export of the same simulated trial, both built to SDTM and ADaM."""

import re
import shutil
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sdtm2adam.build.study import Built, build
from sdtm2adam.model import Issue
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.resources import shelf
from sdtm2adam.simulate import KINDS, observe, plant, simulate_trial
from sdtm2adam.simulate.write import write_messy, write_raw
from sdtm2adam.spec.library import read_specs

Record = tuple[str, str]
"""A form and the key of one of its records."""

STUDYID = "INO-SIM-1022"
SUBJECT_OF = {"IVRS": ("SUBJ", ["SUBJ"]), "CFLOW": ("Patient", ["Accession"]), "EAC": ("SUBJ", ["SUBJ", "CYCLE"])}
"""Of feeds: the column of the subject, and the key of a record."""

DATASETS = {
    "LB_HEM": ("LB", "LBSPID"), "LB_CHEM": ("LB", "LBSPID"), "LB_COAG": ("LB", "LBSPID"), "BM": ("LB", "LBSPID"),
    "VS": ("VS", "VSSPID"), "CM": ("CM", "CMSPID"), "PRTX": ("CM", "CMSPID"), "MH": ("MH", "MHSPID"),
    "ALLHX": ("MH", "MHSPID"), "EX_INO": ("EX", "EXSPID"), "RESP": ("RS", "RSSPID"), "MRD": ("CP", "CPREFID"),
}  # fmt: skip
"""Where a form goes, and the variable that holds the key of its record."""


def study_folder(place: Path, *, adam: bool = True) -> Path:
    """A study folder with the bundled specs, without outputs; without ADaM if it is not wanted."""
    left_out = shutil.ignore_patterns("tlf", "report.yaml", "validation", *([] if adam else ["adam"]))
    shutil.copytree(shelf("specs") / "inovate", place / "specs", ignore=left_out)
    shutil.move(place / "specs" / "study.yaml", place / "study.yaml")
    return place


def build_study(folder: Path, raw: Path, *, keep_raw: bool = False) -> Built:
    """All datasets of the study from a folder of raw data, with the raw forms if they are wanted."""
    specs = read_specs(folder)
    return build(specs, inputs_of(specs, data_folders(specs, {"raw": str(raw)})), keep_raw=keep_raw)


def named_by(issue: Issue) -> Iterable[tuple[Record, str]]:
    """The raw records and the subjects an issue names."""
    for key in issue.keys:
        subject = re.search(r"USUBJID=([^,]*)", key)
        raw = re.search(r"raw\.(\w+) (.*)", key)
        form, parts = raw.groups() if raw else (issue.dataset.removeprefix("raw."), key)
        values = [part.partition("=")[2] for part in parts.split(", ") if not part.startswith("USUBJID=")]
        yield (form, "/".join(values)), subject.group(1) if subject else ""


class MessyStudy:
    """A trial observed once; `forms` is its messy export, `log` what was planted, `clean` and `messy` the builds."""

    def __init__(
        self, place: Path, subjects: int, seed: int, mess_seed: int, *, adam: bool = True, keep_raw: bool = False
    ) -> None:
        clean = observe(simulate_trial(subjects, seed))
        self.forms, log = plant(clean, KINDS, mess_seed)
        self.log = log.table().to_pandas()
        study = study_folder(place / "study", adam=adam)
        write_raw(clean, place / "clean")
        write_messy(self.forms, place / "messy")
        self.clean, self.messy = (build_study(study, place / name, keep_raw=keep_raw) for name in ("clean", "messy"))
        self._frames: dict[tuple[str, str], pd.DataFrame] = {}
        self._grouped: dict[tuple[str, str], dict[Any, pd.DataFrame]] = {}

    def frame(self, which: str, name: str) -> pd.DataFrame:
        """A dataset of the clean or of the messy build."""
        if (which, name) not in self._frames:
            built: Built = getattr(self, which)
            self._frames[which, name] = built.datasets[name].frame.to_pandas()
        return self._frames[which, name]

    def rows(self, which: str, form: str, record: str) -> pd.DataFrame:
        """The SDTM rows of a raw record."""
        name, column = DATASETS.get(form, ("AE", "AESPID"))
        made = self.frame(which, name)
        if (which, name) not in self._grouped:
            by = [made["USUBJID"], made["AESPID"]] if name == "AE" else made[column]
            self._grouped[which, name] = dict(list(made.groupby(by)))
        key = self._numbers_of_events.get(record) if name == "AE" else record
        return self._grouped[which, name].get(key, made.iloc[:0])

    @cached_property
    def _numbers_of_events(self) -> dict[str, tuple[str, str]]:
        ae = self.forms["AE"].to_pandas()
        ae = ae[ae["DELETED"].fillna("0") != "1"]
        pairs = zip(f"{STUDYID}-" + ae["SUBJECT"], ae["AENO"], strict=True)
        return dict(zip(ae["RECORDID"], pairs, strict=True))

    @cached_property
    def subject_of(self) -> dict[Record, str]:
        """USUBJID of the records of the messy export."""
        found: dict[Record, str] = {}
        for form, rows in self.forms.items():
            subject, key = SUBJECT_OF.get(form, ("SUBJECT", ["RECORDID"]))
            if {subject, *key} <= set(rows.column_names):
                keys = zip(*(rows[name].to_pylist() for name in key), strict=True)
                pairs = zip(keys, rows[subject].to_pylist(), strict=True)
                found.update({(form, "/".join(parts)): f"{STUDYID}-{who}" for parts, who in pairs})
        return found
