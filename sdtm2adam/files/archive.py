"""ZIP archives with the same bytes each time."""

import shutil
import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_clock(source: Path, target: Path) -> None:
    """Write an archive anew with its entries in the same order, dated 1980, without owner or system."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            with read.open(name) as part, written.open(entry, "w") as copy:
                shutil.copyfileobj(part, copy, 1 << 20)
