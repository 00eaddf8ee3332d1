"""Numbers as IBM mainframes hold them: sign, exponent of 16, fraction of 56 bits."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

SMALLEST = 2.0**-260
"""The smallest positive number an XPT file holds (16^-65, about 5.4e-79)."""
LARGEST = (1.0 - 2.0**-53) * 2.0**252
"""The largest double below the largest number an XPT file holds (16^63, about 7.2e75)."""

_MISSING = np.zeros(256, dtype=np.bool_)
_MISSING[np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)] = True
_SIGN = np.uint64(1 << 63)
_FRACTION = np.uint64((1 << 56) - 1)


def fits(numbers: Floats) -> Flags:
    """Which numbers an XPT file holds without loss: zero, and 5.4e-79 to 7.2e75 in size.

    >>> fits(np.array([0.0, -1.5, 1e300, 1e-80, np.inf])).tolist()
    [True, True, False, False, False]
    """
    size = np.abs(numbers)
    inside: Flags = (size == 0) | ((size >= SMALLEST) & (size <= LARGEST))
    return inside


def to_ibm(numbers: Floats) -> Bytes:
    """Write doubles as IBM numbers, exactly: 53 bits of fraction fit into 56.

    NaN becomes the SAS missing value `.`; -0.0 becomes 0.

    Args:
        numbers: n doubles, NaN or within the range of `fits`.

    Returns:
        n rows of eight bytes.

    >>> to_ibm(np.array([1.0, -118.625])).tobytes().hex(" ", 8)
    '4110000000000000 c276a00000000000'
    """
    missing = np.isnan(numbers)
    fraction, exponent = np.frexp(np.where(missing, 0.0, np.abs(numbers)))
    exponent_16 = -(-exponent // 4)  # rounded up, so that the fraction stays below one
    mantissa = np.ldexp(fraction, 56 - (4 * exponent_16 - exponent)).astype(np.uint64)
    words = ((exponent_16 + 64).astype(np.uint64) << np.uint64(56)) | mantissa
    words |= np.where(numbers < 0, _SIGN, np.uint64(0))
    words[mantissa == 0] = 0
    words[missing] = np.uint64(ord(".") << 56)
    cells: Bytes = words.astype(">u8").view(np.uint8).reshape(-1, 8)
    return cells


def from_ibm(cells: Bytes) -> tuple[Floats, Flags]:
    """Read IBM numbers as doubles.

    A number of more than 53 bits (never made from a double) is rounded to the nearest. A zero fraction under one of
    the bytes `.`, `_`, `A` to `Z` is a SAS missing value.

    Args:
        cells: n rows of two to eight bytes; a shortened number lacks its last bytes.

    Returns:
        The numbers (0 where missing), and which are missing.
    """
    whole = np.zeros((len(cells), 8), dtype=np.uint8)
    whole[:, : cells.shape[1]] = cells
    words = whole.view(">u8").reshape(-1).astype(np.uint64)
    mantissa = words & _FRACTION
    missing = (mantissa == 0) & _MISSING[whole[:, 0]]
    exponent = ((words >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int32)
    size = np.ldexp(mantissa.astype(np.float64), 4 * (exponent - 64) - 56)
    return np.where(words & _SIGN != 0, -size, size) + 0.0, missing
