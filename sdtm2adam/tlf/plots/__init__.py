"""The geometries of plots: each makes the results behind its points and lays them out as shapes."""
