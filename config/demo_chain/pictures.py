"""Pictures for some of the demo's goods, drawn here: plain shapes in the colors of the variants."""

import io

from PIL import Image, ImageDraw

from config.demo_chain.attributes import VARIANTS, Variant
from stores.catalog.actions.set_picture import set_picture
from stores.catalog.models import Item, Picture

SIDE = 480
PAPER, INK, SHADE = "#f4f1ea", "#3a3532", "#e2dccf"
COLORS = {
    "Chocolate": "#5a3a29",
    "Green": "#4f8a5b",
    "Red": "#c0392f",
    "Pink": "#e58fb1",
    "Orange": "#e08a33",
    "Ivory": "#e9dfc5",
    "Yellow": "#e8c63f",
    "Purple": "#77539a",
}


def draw_pictures(items: dict[str, Item]) -> None:
    """Gives the clocks and the notebooks their pictures, once."""
    drawable = {sku: variant for sku, variant in VARIANTS.items() if variant.style in {"BAKELIKE", "BABUSHKA"}}
    have = set(Picture.objects.filter(item__sku__in=drawable).values_list("item__sku", flat=True))
    for sku, variant in drawable.items():
        if sku not in have:
            stream = io.BytesIO()
            _drawn(variant).save(stream, "PNG", compress_level=1)
            set_picture(item=items[sku], upload=stream.getvalue())


def _drawn(variant: Variant) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), PAPER)
    pen = ImageDraw.Draw(image)
    pen.ellipse((90, 400, 390, 440), fill=SHADE)
    if variant.style == "BAKELIKE":
        _clock(pen, COLORS[variant.color])
    else:
        _notebook(pen, COLORS[variant.color], 1.0 if variant.size == "L" else 0.72)
    return image


def _clock(pen: ImageDraw.ImageDraw, color: str) -> None:
    """Two bells, two feet, ten past ten."""
    for left in (110, 270):
        pen.ellipse((left, 60, left + 100, 160), fill=color, outline=INK, width=5)
    for foot in ((150, 370, 120, 420), (330, 370, 360, 420)):
        pen.line(foot, fill=INK, width=16)
    pen.ellipse((90, 95, 390, 395), fill=color, outline=INK, width=5)
    pen.ellipse((130, 135, 350, 355), fill="#fffdf7", outline=INK, width=4)
    for hand in ((240, 245, 185, 200), (240, 245, 310, 190)):
        pen.line(hand, fill=INK, width=9)
    pen.ellipse((228, 233, 252, 257), fill=INK)


def _notebook(pen: ImageDraw.ImageDraw, color: str, scale: float) -> None:
    """A cover with a nesting doll on it."""
    width, height = int(250 * scale), int(340 * scale)
    left, top = (SIDE - width) // 2, 420 - height
    pen.rounded_rectangle(
        (left + 10, top + 8, left + width + 10, top + height), 12, fill="#fffdf7", outline=INK, width=3
    )
    pen.rounded_rectangle((left, top, left + width, top + height), 14, fill=color, outline=INK, width=5)
    pen.rectangle((left + 12, top + 4, left + 26, top + height - 4), fill=INK)
    middle, foot = left + width // 2 + 10, top + height - int(40 * scale)
    body, head = int(62 * scale), int(44 * scale)
    pen.ellipse((middle - body, foot - int(170 * scale), middle + body, foot), fill="#fffdf7", outline=INK, width=4)
    crown = foot - int(230 * scale)
    pen.ellipse((middle - head, crown, middle + head, crown + 2 * head), fill=color, outline=INK, width=4)
    face = int(head * 0.6)
    pen.ellipse((middle - face, crown + head - face, middle + face, crown + head + face), fill="#f6d9c0")
