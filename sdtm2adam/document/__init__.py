"""From pages to files: RTF, Word and HTML, with the same text on the same pages."""
