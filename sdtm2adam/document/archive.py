"""A zip archive with the same bytes each time: entries sorted, and no clock in them."""

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_clock(archive: bytes, instead: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """The archive rewritten with its entries sorted by name and dated 1980.

    Office files carry the time of writing in each entry; two equal documents would differ by it.

    Args:
        archive: a zip archive.
        instead: contents that take the place of those of the archive, by the name of the entry.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, instead[name] if name in instead else source.read(name))
    return held.getvalue()
