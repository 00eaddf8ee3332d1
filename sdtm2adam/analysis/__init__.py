"""Statistics: from arrays of observations to estimates; no layout, no formats."""
