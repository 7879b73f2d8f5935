"""Records small image files and the pixels that Pillow reads from them, as torchvision does.

    python3 scripts/record-images.py > test/recordings/images.json

Needs Pillow and NumPy.
"""

import base64
import io
import json

import numpy as np
import PIL
from PIL import Image, ImageOps

rng = np.random.default_rng(0)
smooth = np.add.outer(np.arange(10) * 11, np.arange(14) * 9)[..., None] + np.array([0, 20, 40])
photo = np.clip(smooth + rng.integers(-12, 13, (10, 14, 3)), 0, 255).astype(np.uint8)
noise = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
grey = rng.integers(0, 256, (4, 6), dtype=np.uint8)


def case(name, image, kind, mode, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    read = ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue()))).convert(mode)
    pixels = np.asarray(read).reshape(read.height, read.width, -1).transpose(2, 0, 1)
    return {
        "name": name,
        "mode": mode,
        "file": base64.b64encode(out.getvalue()).decode(),
        "shape": list(pixels.shape),
        "pixels": pixels.ravel().tolist(),
    }


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return case(f"orientation {orientation}", Image.fromarray(noise), "PNG", "RGB", exif=exif)


cases = [
    case("RGB", Image.fromarray(noise), "PNG", "RGB"),
    case("RGB as grey", Image.fromarray(noise), "PNG", "L"),
    case("grey", Image.fromarray(grey), "PNG", "L"),
    case("grey as RGB", Image.fromarray(grey), "PNG", "RGB"),
    case("black and white", Image.fromarray(grey).convert("1"), "PNG", "L"),
    case("palette", Image.fromarray(noise).quantize(9), "PNG", "RGB"),
    case("opaque as RGBA", Image.fromarray(noise), "PNG", "RGBA"),
    case("JPEG", Image.fromarray(photo), "JPEG", "RGB", quality=90),
    case("JPEG as grey", Image.fromarray(photo), "JPEG", "L", quality=90),
    case("JPEG of full colour, progressive", Image.fromarray(photo), "JPEG", "RGB", subsampling=0, progressive=True),
    case("grey JPEG", Image.fromarray(grey), "JPEG", "L"),
    *[turned(orientation) for orientation in range(1, 9)],
]
print(json.dumps({"pillow": PIL.__version__, "cases": cases}, separators=(",", ":")))
