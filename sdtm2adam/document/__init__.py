"""From pages to files: RTF and Word, with the same text on the same pages."""
