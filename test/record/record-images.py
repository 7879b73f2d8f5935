"""Records small image files and the pixels that Pillow reads from them, as torchvision does.

    python3 test/record/record-images.py > test/recordings/images.json

Needs Pillow and NumPy.
"""

import base64
import io
import json
import struct

import numpy as np
import PIL
from PIL import Image, ImageOps

rng = np.random.default_rng(0)
smooth = np.add.outer(np.arange(10) * 11, np.arange(14) * 9)[..., None] + np.array([0, 20, 40])
photo = np.clip(smooth + rng.integers(-12, 13, (10, 14, 3)), 0, 255).astype(np.uint8)
noise = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
gray = rng.integers(0, 256, (4, 6), dtype=np.uint8)


def case(name, image, kind, mode, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return read_case(name, out.getvalue(), mode)


def read_case(name, data, mode):
    read = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert(mode)
    pixels = np.asarray(read).reshape(read.height, read.width, -1).transpose(2, 0, 1)
    return {
        "name": name,
        "mode": mode,
        "file": base64.b64encode(data).decode(),
        "shape": list(pixels.shape),
        "pixels": pixels.ravel().tolist(),
    }


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return case(f"orientation {orientation}", Image.fromarray(noise), "PNG", "RGB", exif=exif)


def bmp(width, height, bits, pixels, compression=0, masks=(), palette=b"", core=False):
    """A BMP with an information header, or that of OS/2."""
    if core:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        sizes = (0, 2835, 2835, len(palette) // 4, 0)
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, *sizes)
    head = header + b"".join(struct.pack("<I", mask) for mask in masks) + palette
    begin = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", begin + len(pixels), 0, 0, begin) + head + pixels


rows16 = rng.integers(0, 256, 5 * 2 * 3 + 2 * 3, dtype=np.uint8).tobytes()
rows24 = rng.integers(0, 256, 3 * 12, dtype=np.uint8).tobytes()
palette = rng.integers(0, 256, 16 * 4, dtype=np.uint8).tobytes()
bytes16 = rng.integers(0, 2**16, 12, dtype=np.uint16).astype(">u2").tobytes()
runs8 = bytes([3, 5, 1, 2, 0, 0, 0, 3, 7, 8, 9, 0, 1, 4, 0, 0, 4, 1, 0, 1])
runs4 = bytes([4, 0x12, 0, 0, 0, 4, 0x78, 0x9A, 0, 0, 4, 0x33, 0, 1])
bitmaps = [
    *[case(f"BMP {mode}", Image.fromarray(noise).convert(mode), "BMP", "RGB") for mode in ["RGB", "L", "P", "1"]],
    case("BMP with opacity", Image.fromarray(noise).convert("RGBA"), "BMP", "RGBA"),
    read_case("BMP of 16 bits", bmp(5, 3, 16, rows16), "RGB"),
    read_case("BMP of 5, 6 and 5 bits", bmp(5, 3, 16, rows16, 3, [0xF800, 0x7E0, 0x1F]), "RGB"),
    read_case("BMP of 32 bits", bmp(3, 3, 32, rows24), "RGB"),
    read_case("BMP from the top", bmp(4, -3, 24, rows24), "RGB"),
    read_case("BMP of OS/2", bmp(4, 3, 24, rows24, core=True), "RGB"),
    read_case("BMP of 4 bits", bmp(5, 3, 4, rows24[:12], palette=palette), "RGB"),
    read_case("BMP with runs of 8 bits", bmp(4, 3, 8, runs8, 1, palette=palette), "RGB"),
    read_case("BMP with runs of 4 bits", bmp(4, 3, 4, runs4, 2, palette=palette), "RGB"),
    *[case(f"Netpbm {mode}", Image.fromarray(noise).convert(mode), "PPM", "RGB") for mode in ["RGB", "L", "1"]],
    read_case("PBM as text", b"P1\n# a comment\n3 2\n101\n0 1 0\n", "L"),
    read_case("PGM as text", b"P2 3 2 # a comment\n15\n0 1 2 13 14 15\n", "L"),
    read_case("PPM as text", b"P3\n2 1\n255\n1 2 3 40 50 255\n", "RGB"),
    read_case("PPM of 16 bits", b"P6 2 2 65535\n" + bytes16, "RGB"),
    read_case("PPM up to 100", b"P6 2 1 100\n" + bytes([0, 1, 50, 99, 100, 33]), "RGB"),
]
cases = [
    case("RGB", Image.fromarray(noise), "PNG", "RGB"),
    case("RGB as gray", Image.fromarray(noise), "PNG", "L"),
    case("gray", Image.fromarray(gray), "PNG", "L"),
    case("gray as RGB", Image.fromarray(gray), "PNG", "RGB"),
    case("black and white", Image.fromarray(gray).convert("1"), "PNG", "L"),
    case("palette", Image.fromarray(noise).quantize(9), "PNG", "RGB"),
    case("opaque as RGBA", Image.fromarray(noise), "PNG", "RGBA"),
    case("JPEG", Image.fromarray(photo), "JPEG", "RGB", quality=90),
    case("JPEG as gray", Image.fromarray(photo), "JPEG", "L", quality=90),
    case("JPEG of full color, progressive", Image.fromarray(photo), "JPEG", "RGB", subsampling=0, progressive=True),
    case("gray JPEG", Image.fromarray(gray), "JPEG", "L"),
    *[turned(orientation) for orientation in range(1, 9)],
    *bitmaps,
]
print(json.dumps({"pillow": PIL.__version__, "cases": cases}, separators=(",", ":")))
