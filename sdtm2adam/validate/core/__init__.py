"""CDISC CORE, an external engine of conformance rules: found, run on transport files, its answers told as issues."""

from sdtm2adam.validate.core.answer import CoreAnswer
from sdtm2adam.validate.core.faults import COULD_NOT_RUN
from sdtm2adam.validate.core.program import find_core
from sdtm2adam.validate.core.run import run_core

__all__ = ["COULD_NOT_RUN", "CoreAnswer", "find_core", "run_core"]
