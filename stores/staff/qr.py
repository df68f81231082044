"""A QR code as one SVG path, for the manager's screen: no image file, no inline style."""

from typing import Any, NamedTuple

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4  # Modules of white that ISO/IEC 18004 asks for around the code.


class QrCode(NamedTuple):
    """`size` in modules, the quiet zone included; `path` for a viewBox of that size."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    code: Any = QRCode(None, QRErrorCorrectLevel.M)  # type: ignore[no-untyped-call]  # reportlab's encoder has no types.
    code.addData(text)
    code.make()
    rows: list[list[bool]] = code.modules
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return QrCode(len(rows) + 2 * QUIET, path)
