"""What people upload becomes one small picture: upright, without a word about who took it where, and cheap to send.

Nothing of the upload is kept: its pixels are painted on a new canvas, and only that is stored.
"""

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from stores.catalog.errors import PictureRefused

UPLOAD_BYTES_MAX = 12 * 1024 * 1024
SIDE_MIN = 32
SIDE_MAX = 16_000
# A JPEG is decoded at a fraction of its size; everything else needs memory for each of its pixels.
JPEG_PIXELS_MAX = 64_000_000
OTHER_PIXELS_MAX = 24_000_000
STORED_SIDE_MAX = 640
STORED_BYTES_MAX = 60_000
# A telephone's photo with a second picture inside (for bright screens) calls itself MPO; the first one is the photo.
_PHOTO_FORMATS = {"JPEG", "MPO"}
_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)


@dataclass(frozen=True)
class EncodedPicture:
    """A WebP of at most STORED_SIDE_MAX pixels a side and STORED_BYTES_MAX bytes."""

    content: bytes
    sha256: str
    width: int
    height: int


def encode_picture(upload: bytes) -> EncodedPicture:
    """The picture in `upload` (JPEG, PNG or WebP), ready to be stored. Raises PictureRefused."""
    if not upload:
        raise PictureRefused(problem=_("The file is empty."))
    if len(upload) > UPLOAD_BYTES_MAX:
        most = UPLOAD_BYTES_MAX // 1024 // 1024
        raise PictureRefused(problem=_("The file has more than {most} MB.").format(most=most))
    image = _opened(upload)
    _check(image)
    try:
        painted = _painted(image)
    except _BROKEN as error:
        raise PictureRefused(problem=_("The file is broken: it cannot be read to its end.")) from error
    return _encoded(painted)


def _opened(upload: bytes) -> Image.Image:
    """Reads no more than the file's head."""
    try:
        return Image.open(BytesIO(upload), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(problem=_too_large()) from error
    except _BROKEN as error:
        raise PictureRefused(problem=_("It is no JPEG, PNG or WebP picture.")) from error


def _check(image: Image.Image) -> None:
    width, height = image.size
    most = JPEG_PIXELS_MAX if image.format in _PHOTO_FORMATS else OTHER_PIXELS_MAX
    if max(width, height) > SIDE_MAX or width * height > most:
        raise PictureRefused(problem=_too_large())
    if min(width, height) < SIDE_MIN:
        raise PictureRefused(problem=_("It is smaller than {least} pixels.").format(least=SIDE_MIN))
    if getattr(image, "is_animated", False) and image.format not in _PHOTO_FORMATS:
        raise PictureRefused(problem=_("It moves. A picture of an item stands still."))


def _too_large() -> str:
    return _("It has too many pixels. The usual photo of a telephone is fine.")


def _painted(image: Image.Image) -> Image.Image:
    """Upright, at its final size, on white where it is transparent."""
    if image.format in _PHOTO_FORMATS:
        image.draft("RGB", (2 * STORED_SIDE_MAX, 2 * STORED_SIDE_MAX))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((STORED_SIDE_MAX, STORED_SIDE_MAX), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright.getchannel("A"))
    return canvas


def _encoded(image: Image.Image) -> EncodedPicture:
    """As good as fits: first the quality gives way, then the size."""
    while True:
        for quality in (82, 70, 58, 46, 34):
            stream = BytesIO()
            image.save(stream, "WEBP", quality=quality, method=4)
            content = stream.getvalue()
            if len(content) <= STORED_BYTES_MAX:
                return EncodedPicture(content, hashlib.sha256(content).hexdigest(), *image.size)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS)
