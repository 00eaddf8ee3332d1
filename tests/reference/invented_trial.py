"""An invented trial of 48 subjects, with ties and strata, for which R's answers stand in the tests."""

import numpy as np

# fmt: off
TIME = np.array([
    13, 5, 5, 21, 4, 10, 2, 6, 5, 17, 2, 5, 7, 8, 4, 12, 1, 15, 1, 18, 16, 2, 8, 7,
    7, 7, 13, 3, 4, 7, 6, 10, 6, 6, 2, 9, 20, 23, 3, 7, 6, 24, 7, 6, 14, 15, 4, 9,
], dtype=float)
EVENT = np.array([
    1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1,
    0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1,
])
STRATA = np.array([
    1, 1, 1, 3, 2, 1, 1, 3, 2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 1, 2, 1, 2, 1, 3,
    1, 3, 3, 3, 3, 3, 3, 1, 2, 2, 2, 1, 2, 1, 1, 3, 1, 3, 1, 2, 1, 1, 2, 3,
])
RESPONSE = np.array([
    0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1,
    0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0,
])
ARM = np.tile([0, 1], 24)
GROUP = np.tile([1, 1, 2, 2, 3, 3, 4, 4], 6)
AGE = np.array([
    33, 21, 48, 57, 69, 79, 56, 52, 29, 26, 56, 56, 62, 64, 52, 52, 50, 34, 74, 71, 62, 34, 51, 62,
    35, 76, 52, 31, 75, 23, 70, 26, 50, 66, 73, 76, 38, 39, 40, 23, 59, 46, 23, 23, 42, 59, 23, 57,
])
_RESPONSES = """
    CRi CR CRi NR CR CR CR NR NR CRi CR CRi NR CRi CR NR CRi CR NR NR CRi CR CR CR
    NR NR CR CR CR NR CRi CRi CR CR CR NR NR NR CRi CRi CR CR CRi CRi NR CR CR CRi
"""
LINE = np.array(_RESPONSES.split())
CHANGE = np.full(48, np.nan)
CHANGE[[7, 13, 18, 29, 31, 32, 34, 35, 38, 40, 42, 45, 47]] = [10, 7, 10, 3, 3, 10, 5, 3, 5, 7, 11, 4, 2]
# fmt: on
