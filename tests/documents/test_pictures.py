"""Scans and photographs are drawn anew, judged by their pixels, and refused in a sentence that names file and page."""

import io
import struct
import zlib

import pytest
from PIL import Image

from documents import press
from documents.pictures import FILE_BYTES, Limits, PicturesRefused, Sent, read_pages

pytestmark = pytest.mark.once
A4 = (2480, 3508)


def picture(size=A4, kind="JPEG", mode="RGB", **saving) -> bytes:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.save(out, kind, **saving)
    return out.getvalue()


def scan(*sizes, rotate: int = 0) -> bytes:
    """A PDF of scanned pages, as a copier makes it."""
    out = io.BytesIO()
    first, *others = [Image.linear_gradient("L").resize(size).convert("RGB") for size in sizes]
    first.save(out, "PDF", save_all=True, append_images=others, resolution=300)
    return out.getvalue()


def pages(*bodies: bytes, limits: Limits | None = None):
    return read_pages([Sent(f"tep-{at}", body) for at, body in enumerate(bodies, start=1)], limits)


def refusal(*bodies: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PicturesRefused) as refused:
        pages(*bodies, limits=limits)
    return str(refused.value)


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


# --- What is taken


def test_a_scan_of_several_pages_becomes_as_many_jpegs():
    found = pages(scan(A4, A4, A4))
    assert [(page.filename, page.width, page.height) for page in found] == [("tep-1", 2481, 3508)] * 3
    assert all(opened(page.body).format == "JPEG" for page in found)


def test_files_of_different_kinds_come_in_their_order():
    found = pages(picture(), scan(A4, A4), picture(kind="PNG"))
    assert [page.filename for page in found] == ["tep-1", "tep-2", "tep-2", "tep-3"]


def test_a_photograph_is_set_upright_and_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "Máy ảnh của ai đó", {1: "N", 2: (16.0, 27.0, 0.0)}
    (page,) = pages(picture((3508, 2480), exif=exif, icc_profile=b"x" * 200, comment=b"bi mat"))
    assert (page.width, page.height) == A4
    kept = opened(page.body)
    assert not kept.getexif()
    assert "comment" not in kept.info
    assert b"bi mat" not in page.body


def test_transparency_is_laid_on_white_and_grey_becomes_colour():
    image = Image.new("RGBA", A4, (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    for body in (out.getvalue(), picture(mode="L"), picture(kind="PNG", mode="1")):
        assert opened(pages(body)[0].body).mode == "RGB"
    assert opened(pages(out.getvalue())[0].body).getpixel((5, 5)) == (255, 255, 255)


def test_what_is_finer_than_needed_is_made_smaller():
    (page,) = pages(picture((5000, 7000)))
    assert max(page.width, page.height) == 3508


# --- What is not


def test_too_coarse_is_judged_by_pixels_whatever_the_file_says_of_its_resolution():
    said = refusal(picture((1653, 2299), dpi=(600, 600)))
    assert said.startswith("Ảnh “tep-1” chưa đủ rõ: cạnh dài có 2.299 điểm ảnh, cần ít nhất 2.300.")
    assert pages(picture((1654, 2300), dpi=(10, 10)))


def test_a_coarse_page_of_a_scan_is_named_and_drawing_it_larger_does_not_help():
    assert "Trang 2 của tệp “tep-1” chưa đủ rõ: cạnh dài có 1" in refusal(scan(A4, (1240, 1754), A4))


def test_a_page_without_a_picture_was_not_signed_by_hand():
    printed = press.render("<p>Danh sách chưa ký</p>", title="Danh sách")
    assert refusal(printed).startswith("Trang 1 của tệp “tep-1” không phải là ảnh quét")


def test_the_kind_is_told_by_the_bytes():
    for body in (b"MZ program", b"GIF89a", b"<svg/>", b"", b"PK\x03\x04 docx"):
        assert "không phải là tệp PDF, ảnh JPEG hay PNG" in refusal(body)


def test_damaged_and_cut_off():
    for body in (picture()[:30_000], scan(A4)[:5_000], b"%PDF-1.7 rubbish", b"\xff\xd8\xff\xe0 rubbish"):
        assert "bị hỏng hoặc tải lên chưa hết" in refusal(body)


def test_with_a_password():
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan(A4))) as book:
        book.save(out, encryption=pikepdf.Encryption(owner="chủ", user="người"))
    assert "có đặt mật khẩu" in refusal(out.getvalue())


def test_too_large_and_too_many_pages():
    assert "quá mức cho phép (20 MB)" in refusal(b"%PDF-" + bytes(FILE_BYTES))
    few = Limits(pages=2)
    assert "quá 2 trang" in refusal(scan(A4, A4, A4), limits=few)
    assert "quá 2 trang" in refusal(*[picture()] * 3, limits=few)


def bomb(side: int) -> bytes:
    """A PNG of side × side white pixels in a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(64)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_bombs_are_refused_by_what_they_would_unpack_to():
    assert "quá lớn (60000 × 60000 điểm ảnh)" in refusal(bomb(60_000))


def test_a_bomb_inside_a_pdf_is_refused_too():
    import pikepdf

    book = pikepdf.new()
    body = zlib.compress(bytes(10_000_000))
    image = pikepdf.Stream(
        book,
        body,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=40_000,
        Height=40_000,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )
    page = book.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    page.Contents = book.make_stream(b"595 0 0 842 0 0 cm /I Do")
    out = io.BytesIO()
    book.save(out)
    assert "quá lớn (40000 × 40000 điểm ảnh)" in refusal(out.getvalue())


def test_without_memory_or_time_it_stops_with_a_sentence():
    for limits in (Limits(memory_bytes=60 << 20), Limits(wall_seconds=0.01)):
        assert "tốn quá nhiều thời gian hoặc bộ nhớ" in refusal(scan(A4), limits=limits)
