"""A zip archive with the same bytes each time: entries sorted, and no clock in them."""

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_clock(archive: bytes) -> bytes:
    """The archive rewritten with its entries sorted by name and dated 1980.

    Office files carry the time of writing in each entry; two equal documents would differ by it.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, source.read(name))
    return held.getvalue()
