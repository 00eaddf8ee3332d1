"""How fast this machine is beside the one on which the seconds of other programs were recorded."""

import shutil
import subprocess
from pathlib import Path

RECORDED_SECONDS = 0.44
"""CPU seconds of the yardstick there."""


def yardstick_seconds() -> float | None:
    """CPU seconds of R's `coxph` on 200,000 simulated subjects; None without Rscript or its survival package."""
    if not shutil.which("Rscript"):
        return None
    script = Path(__file__).with_name("yardstick.R")
    run = subprocess.run(["Rscript", "--vanilla", str(script)], capture_output=True, text=True, check=False)
    return float(run.stdout) if run.returncode == 0 else None


def machine_factor(seconds: float | None) -> float:
    """What recorded seconds are multiplied by to be those of this machine; 1 where nothing was measured."""
    return seconds / RECORDED_SECONDS if seconds else 1.0
