"""What a PNG says of itself."""

import struct

from sdtm2adam.errors import InternalError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_size(png: bytes, *, where: str) -> tuple[int, int]:
    """Width and height in pixels, read from the header of the picture.

    Raises:
        InternalError: the bytes are not a PNG.
    """
    if len(png) < 24 or not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR":
        raise InternalError("the picture is not a PNG", where=where, mend="report this: figures are drawn as PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
