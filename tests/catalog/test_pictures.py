"""Uploads become one small picture: upright, bare of metadata, never an attack."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from stores.catalog.actions.set_picture import remove_picture, set_picture
from stores.catalog.errors import PictureRefused
from stores.catalog.models import Item, Picture
from stores.catalog.pictures import STORED_BYTES_MAX, UPLOAD_BYTES_MAX, encode_picture
from stores.journal.models import Event
from stores.models import Store
from stores.staff.models import Role
from tests.factories import make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def drawn(size: tuple[int, int] = (900, 600), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right; the rest of the mode's bands are full."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    return image


def saved(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 120).convert("RGB")


def reopened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "WEBP"
    return image.convert("RGB")


def is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 180 and pixel[2] < 80)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_every_format_becomes_a_small_webp(format: str) -> None:
    encoded = encode_picture(saved(drawn(), format))
    image = reopened(encoded.content)
    assert image.size == (encoded.width, encoded.height) == (640, 427)
    assert is_red(image.getpixel((10, 10)))
    assert len(encoded.content) <= STORED_BYTES_MAX
    assert len(encoded.sha256) == 64


def test_a_small_picture_is_not_blown_up() -> None:
    encoded = encode_picture(saved(drawn((100, 80)), "PNG"))
    assert (encoded.width, encoded.height) == (100, 80)


def test_what_will_not_fit_gets_coarser_then_smaller() -> None:
    encoded = encode_picture(saved(noise((2000, 2000)), "PNG"))
    assert len(encoded.content) <= STORED_BYTES_MAX
    assert encoded.width == encoded.height <= 640


def test_a_photo_stands_upright_and_says_nothing_of_who_took_it_where() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # The camera lay on its side: turn right by a quarter.
    exif[MAKE] = "Secret Camera"
    exif.get_ifd(GPS)[1] = "N"
    upload = saved(drawn((900, 600)), "JPEG", exif=exif, comment=b"Rosa's kitchen")
    encoded = encode_picture(upload)
    image = reopened(encoded.content)
    assert image.size == (427, 640)
    assert is_red(image.getpixel((200, 10)))
    assert not is_red(image.getpixel((200, 630)))
    assert not Image.open(io.BytesIO(encoded.content)).getexif()
    assert b"Secret" not in encoded.content
    assert b"kitchen" not in encoded.content


def test_transparency_becomes_white() -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert reopened(encode_picture(saved(image, "PNG")).content).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_unusual_colors_are_read(mode: str) -> None:
    image = drawn((200, 100)).convert(mode)
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert encode_picture(saved(image, format)).width == 200


def test_a_telephones_photo_with_a_second_picture_inside_is_its_first_picture() -> None:
    upload = saved(drawn(), "MPO", save_all=True, append_images=[drawn((90, 60))])
    encoded = encode_picture(upload)
    assert (encoded.width, encoded.height) == (640, 427)


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of `width` × `height`."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("upload", "problem"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 not a picture", "It is no JPEG, PNG or WebP picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "It is no JPEG, PNG or WebP picture."),
        (saved(drawn(), "GIF"), "It is no JPEG, PNG or WebP picture."),
        (saved(drawn(), "BMP"), "It is no JPEG, PNG or WebP picture."),
        (saved(drawn())[:800], "The file is broken: it cannot be read to its end."),
        (saved(drawn(), "PNG")[:-60], "The file is broken: it cannot be read to its end."),
        (b"\xff\xd8\xff" + b"\0" * 100, "It is no JPEG, PNG or WebP picture."),
        (saved(drawn((31, 400))), "It is smaller than 32 pixels."),
        (huge_png(5000, 5000), "It has too many pixels. The usual photo of a telephone is fine."),
        (huge_png(10_000, 10_000), "It has too many pixels. The usual photo of a telephone is fine."),
        (huge_png(60_000, 60_000), "It has too many pixels. The usual photo of a telephone is fine."),
        (huge_png(20_000, 100), "It has too many pixels. The usual photo of a telephone is fine."),
        (
            saved(drawn(), "WEBP", save_all=True, append_images=[noise((900, 600))]),
            "It moves. A picture of an item stands still.",
        ),
        (
            saved(drawn(), "PNG", save_all=True, append_images=[noise((900, 600))]),
            "It moves. A picture of an item stands still.",
        ),
        (b"\xff" * (UPLOAD_BYTES_MAX + 1), "The file has more than 12 MB."),
    ],
)
def test_what_is_no_usable_picture_says_why(upload: bytes, problem: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        encode_picture(upload)
    assert refused.value.detail == problem


def test_a_photo_of_48_million_pixels_is_read_at_a_fraction_of_its_size() -> None:
    encoded = encode_picture(saved(Image.new("RGB", (8000, 6000), "red"), "JPEG"))
    assert (encoded.width, encoded.height) == (640, 480)


@pytest.mark.django_db
class TestKeeping:
    @pytest.fixture
    def store(self) -> Store:
        return make_store()

    @pytest.fixture
    def lantern(self) -> Item:
        return make_item("Lantern")

    @pytest.fixture
    def lead(self, store: Store) -> Client:
        return signed_in_client(make_associate(store, role=Role.LEAD), store)

    def post(self, client: Client, address: str, content: bytes, key: str = "k1") -> Any:
        file = SimpleUploadedFile("photo.jpg", content, content_type="image/jpeg")
        return client.post(address, {"key": key, "picture": file})

    def test_one_picture_an_item(self, lantern: Item) -> None:
        first = set_picture(item=lantern, upload=saved(drawn()))
        second = set_picture(item=lantern, upload=saved(drawn((600, 600))))
        assert Picture.objects.get().sha256 == second.sha256 != first.sha256
        assert [event.data["sha256"] for event in Event.objects.filter(kind="catalog.picture_set").order_by("pk")] == [
            first.sha256,
            second.sha256,
        ]
        assert remove_picture(item=lantern)
        assert not remove_picture(item=lantern)
        assert Event.objects.filter(kind="catalog.picture_removed").count() == 1

    def test_uploaded_on_the_page_and_shown_at_an_address_for_good(self, lead: Client, lantern: Item) -> None:
        answer = self.post(lead, f"/catalog/items/{lantern.pk}/picture/", saved(drawn()))
        assert answer.status_code == 200
        address = f"/catalog/pictures/{lantern.picture.sha256}.webp"
        assert address in answer.content.decode()
        shown = lead.get(address)
        assert shown.headers["Content-Type"] == "image/webp"
        assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.content == bytes(Picture.objects.get().content)

    def test_taken_on_the_handheld(self, lead: Client, lantern: Item) -> None:
        address = f"/catalog/items/{lantern.pk}/photo/"
        page = lead.get(address).content.decode()
        assert 'accept="image/*" capture="environment"' in page
        answer = self.post(lead, address, saved(drawn()))
        assert (answer.status_code, "Picture kept" in answer.content.decode()) == (200, True)
        assert lantern.picture.sha256 in lead.get(address).content.decode()

    @pytest.mark.parametrize("page", ["picture", "photo"])
    def test_what_is_refused_leaves_the_old_picture(self, lead: Client, lantern: Item, page: str) -> None:
        old = set_picture(item=lantern, upload=saved(drawn()))
        answer = self.post(lead, f"/catalog/items/{lantern.pk}/{page}/", b"GIF89a")
        assert answer.status_code == 422
        assert "It is no JPEG, PNG or WebP picture." in answer.content.decode()
        missing = lead.post(f"/catalog/items/{lantern.pk}/{page}/", {"key": "k2"})
        assert (missing.status_code, "Choose a file first." in missing.content.decode()) == (422, True)
        assert Picture.objects.get().sha256 == old.sha256

    def test_a_form_sent_again_keeps_its_picture_and_another_file_is_another_form(
        self, lead: Client, lantern: Item
    ) -> None:
        address = f"/catalog/items/{lantern.pk}/picture/"
        for _again in range(2):
            assert self.post(lead, address, saved(drawn())).status_code == 200
        assert Event.objects.filter(kind="catalog.picture_set").count() == 1
        kept = Picture.objects.get().sha256
        assert self.post(lead, address, saved(drawn((500, 600)))).status_code == 422
        assert Picture.objects.get().sha256 == kept

    def test_taken_away(self, lead: Client, lantern: Item) -> None:
        set_picture(item=lantern, upload=saved(drawn()))
        assert lead.post(f"/catalog/items/{lantern.pk}/picture/remove/", {"key": "k"}).status_code == 200
        assert not Picture.objects.exists()

    def test_two_items_that_look_the_same_share_an_address(self, lead: Client, lantern: Item) -> None:
        one = set_picture(item=lantern, upload=saved(drawn()))
        set_picture(item=make_item(), upload=saved(drawn()))
        assert lead.get(f"/catalog/pictures/{one.sha256}.webp").status_code == 200

    def test_only_for_those_who_are_signed_in(self, store: Store, lantern: Item) -> None:
        picture = set_picture(item=lantern, upload=saved(drawn()))
        address = f"/catalog/pictures/{picture.sha256}.webp"
        stranger = Client().get(address, headers={"Accept": "image/*"})
        assert (stranger.status_code, stranger.headers["Cache-Control"]) == (401, "no-store")
        rosa = signed_in_client(make_associate(store), store)
        assert rosa.get(address).status_code == 200
        assert self.post(rosa, f"/catalog/items/{lantern.pk}/picture/", saved(drawn())).status_code == 403
