"""The shapes that cross a border between rooms. They compute nothing."""

from sdtm2adam.model.dataset import Dataset, Variable
from sdtm2adam.model.display import Cell, Column, Display, Figure, Row, Section
from sdtm2adam.model.finding import Acceptance, Finding, State
from sdtm2adam.model.issue import MOST_KEYS, Issue, Severity
from sdtm2adam.model.results import MEMBER_COLUMNS, RESULT_COLUMNS, Results

__all__ = [
    "MEMBER_COLUMNS",
    "MOST_KEYS",
    "RESULT_COLUMNS",
    "Acceptance",
    "Cell",
    "Column",
    "Dataset",
    "Display",
    "Figure",
    "Finding",
    "Issue",
    "Results",
    "Row",
    "Section",
    "Severity",
    "State",
    "Variable",
]
