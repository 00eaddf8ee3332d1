"""Pictures: PNG of the same bytes on every run."""
