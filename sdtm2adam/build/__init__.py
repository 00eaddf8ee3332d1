"""From specs and sources to datasets with lineage, in DuckDB."""
