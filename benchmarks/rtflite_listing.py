"""The listing of documents.py through rtflite: seconds of CPU, printed.

Run by documents.py with a Python that has rtflite (RTFLITE_PYTHON, for it may not live with what is pinned here); the
listing comes as JSON on standard input.
"""

import json
import sys
import time

import polars
import rtflite


def main() -> None:
    """Build the document and encode it; the clock starts when the frame is there."""
    said = json.load(sys.stdin)
    columns = [f"Column {at}" for at in range(1, len(said["widths"]) + 1)]
    frame = polars.DataFrame(dict(zip(columns, zip(*said["rows"], strict=True), strict=True)))
    start = time.process_time()
    document = rtflite.RTFDocument(
        df=frame,
        rtf_page=rtflite.RTFPage(orientation="landscape", nrow=said["lines"]),
        rtf_title=rtflite.RTFTitle(text=said["titles"]),
        rtf_column_header=rtflite.RTFColumnHeader(text=columns, col_rel_width=said["widths"]),
        rtf_body=rtflite.RTFBody(col_rel_width=said["widths"], text_justification=["l"] * len(columns)),
        rtf_footnote=rtflite.RTFFootnote(text=said["footnotes"]),
    )
    document.rtf_encode()
    print(time.process_time() - start)


if __name__ == "__main__":
    main()
