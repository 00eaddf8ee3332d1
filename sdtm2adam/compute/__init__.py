"""Vector in, vector out: dates, rounding, units, characters."""
