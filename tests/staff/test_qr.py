"""The manager's QR code is read back by a real reader."""

import re

import pytest
import zxingcpp
from PIL import Image

from stores.staff.qr import qr_code

PIXELS = 4


@pytest.mark.parametrize("text", ["http://127.0.0.1:8000/enrol/23456789AB/", "https://" + "a" * 120 + ".example/"])
def test_what_is_drawn_is_what_was_meant(text: str) -> None:
    code = qr_code(text)
    picture = Image.new("L", (code.size * PIXELS, code.size * PIXELS), "white")
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path):
        picture.paste(0, (int(x) * PIXELS, int(y) * PIXELS, (int(x) + 1) * PIXELS, (int(y) + 1) * PIXELS))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
