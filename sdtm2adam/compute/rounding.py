"""Numbers to text: rounded half away from zero, once, at display.

Results keep unrounded doubles; these functions make the digits that are printed. No number is ever printed as `-0.0`,
`nan` or `inf`: where there is none, the text is `NE` (not estimable).
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from sdtm2adam.errors import UsageError

NOT_ESTIMABLE = "NE"
_CONTEXT = Context(prec=400)  # wide enough for any double at any number of decimals


def round_half_away(x: float, decimals: int) -> Decimal:
    """Round half away from zero, as SAS ROUND and a reader with a pencil do.

    The double is first taken to 15 significant digits, which removes the noise of binary fractions
    (0.285 * 100 is 28.499999999999996, meant as 28.5), then rounded in decimal arithmetic.

    Args:
        x: a finite number, unrounded.
        decimals: digits after the point, 0 or more.

    Raises:
        UsageError: the number is not finite, or decimals is negative.

    >>> round_half_away(6.25, 1), round_half_away(-0.5, 0), round_half_away(0.285 * 100, 0)
    (Decimal('6.3'), Decimal('-1'), Decimal('29'))
    >>> round_half_away(-0.04, 1)
    Decimal('0.0')
    """
    if not math.isfinite(x):
        raise UsageError(f"{x} cannot be rounded", where="round_half_away", mend="give a finite number, or print NE")
    if decimals < 0:
        raise UsageError(f"{decimals} decimals", where="round_half_away", mend="give 0 or more decimals")
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(f"{x:.15g}").quantize(step, rounding=ROUND_HALF_UP, context=_CONTEXT)
    return rounded.copy_abs() if rounded.is_zero() else rounded


def format_fixed(x: float | None, decimals: int) -> str:
    """A number with a fixed count of decimals; `NE` where there is none (None or NaN).

    Args:
        x: the unrounded number.
        decimals: digits after the point.

    Raises:
        UsageError: the number is infinite.

    >>> format_fixed(43.04, 1), format_fixed(-0.01, 1), format_fixed(12, 0), format_fixed(None, 1)
    ('43.0', '0.0', '12', 'NE')
    """
    if x is None or math.isnan(x):
        return NOT_ESTIMABLE
    if decimals == 0 and float(x).is_integer() and abs(x) < 1e15:
        return str(int(x))
    return f"{round_half_away(x, decimals):f}"


def percent_text(n: int, total: int) -> str:
    """Percentage of counts with one decimal, by integer arithmetic.

    Tenths of a percent = floor((2000 n + N) / 2N), which rounds halves up without a binary fraction in between.
    A percentage above 0 that would print 0.0 is `<0.1`; one below 100 that would print 100.0 is `>99.9`.
    With no denominator it is `NE`.

    Args:
        n: numerator, a subset of the denominator.
        total: denominator.

    Raises:
        UsageError: the counts are not whole, or not 0 <= n <= total.

    >>> percent_text(2, 32), percent_text(164, 164), percent_text(1, 3000), percent_text(2999, 3000)
    ('6.3', '100.0', '<0.1', '>99.9')
    """
    n, total = _counts(n, total)
    if total == 0:
        return NOT_ESTIMABLE
    tenths = (2000 * n + total) // (2 * total)
    if tenths == 0 and n > 0:
        return "<0.1"
    if tenths == 1000 and n < total:
        return ">99.9"
    return f"{tenths // 10}.{tenths % 10}"


def count_percent_text(n: int, total: int) -> str:
    """Count and percentage, `n (p)`; a zero count stands alone as `0`.

    Args:
        n: numerator, a subset of the denominator.
        total: denominator.

    Raises:
        UsageError: the counts are not whole, or not 0 <= n <= total.

    >>> count_percent_text(121, 164), count_percent_text(0, 164), count_percent_text(0, 0)
    ('121 (73.8)', '0', '0')
    """
    return f"{n} ({percent_text(n, total)})" if n else str(_counts(n, total)[0])


def format_p(p: float | None) -> str:
    """A p-value with four decimals; the limits `<0.0001` and `>0.9999` are tested on the unrounded value.

    Args:
        p: the unrounded p-value, or None where it is not estimable.

    Raises:
        UsageError: not between 0 and 1.

    >>> format_p(0.0022), format_p(0.0000999), format_p(0.99995), format_p(None)
    ('0.0022', '<0.0001', '>0.9999', 'NE')
    """
    if p is None or math.isnan(p):
        return NOT_ESTIMABLE
    if not 0 <= p <= 1:
        raise UsageError(f"{p} is no p-value", where="format_p", mend="give a number from 0 to 1")
    if p < 0.0001:
        return "<0.0001"
    return ">0.9999" if p > 0.9999 else format_fixed(p, 4)


def format_hazard_ratio(x: float | None) -> str:
    """A hazard ratio, or a limit of one, with two decimals, between `<0.01` and `>99.99`.

    Args:
        x: the unrounded ratio, or None where it is not estimable.

    Raises:
        UsageError: negative or infinite.

    >>> format_hazard_ratio(0.7749), format_hazard_ratio(0.0049), format_hazard_ratio(250), format_hazard_ratio(99.996)
    ('0.77', '<0.01', '>99.99', '>99.99')
    """
    if x is None or math.isnan(x):
        return NOT_ESTIMABLE
    if x < 0:
        raise UsageError(f"{x} is no hazard ratio", where="format_hazard_ratio", mend="give a number from 0 up")
    rounded = round_half_away(x, 2)
    if rounded >= 100:
        return ">99.99"
    return "<0.01" if x > 0 and rounded.is_zero() else f"{rounded:f}"


def _counts(n: int, total: int) -> tuple[int, int]:
    if n != int(n) or total != int(total) or not 0 <= n <= total:
        raise UsageError(
            f"{n} of {total} is no part of a whole",
            where="percentage",
            mend="count the numerator among the records of the denominator",
        )
    return int(n), int(total)
