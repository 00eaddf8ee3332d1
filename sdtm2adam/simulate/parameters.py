"""The laws of the simulated trial, read from `parameters.yaml`, where each value stands with its status."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("parameters.yaml")


@cache
def read_parameters(section: str, file: Path = _FILE) -> dict[str, Any]:
    """The values of one section (`design`, `baseline`, `course`), without their status.

    >>> read_parameters("baseline")["prior_hsct"]
    0.17
    """
    text = file.read_text(encoding="utf-8")
    return {name: entry["value"] for name, entry in yaml.safe_load(text)[section].items()}
