"""Records what torchvision makes of small images, for test/vision/transforms/transforms.test.ts.

    python3 test/record/record-transforms.py

Each case gives the images of a batch one after the other to a transform on tensors; the test names the
same transform by the same name.
"""

import gzip
import json
from pathlib import Path

import torch
import torchvision
from torchvision import transforms as T
from torchvision.transforms import functional as F
from torchvision.transforms import InterpolationMode

ROOT = Path(__file__).resolve().parents[2]
BILINEAR, NEAREST = InterpolationMode.BILINEAR, InterpolationMode.NEAREST

torch.manual_seed(4)
IMAGES = {
    "rgb": torch.rand(4, 3, 8, 7),
    "gray": torch.rand(2, 1, 9, 9),
    "bytes": torch.randint(0, 256, (2, 3, 8, 7), dtype=torch.uint8),
    "wide": torch.rand(2, 1, 5, 24),
    "tall": torch.rand(2, 1, 24, 5),
}
# Pixels whose hue is not defined, or on the edge between two formulas.
IMAGES["rgb"][0, :, 0, :5] = torch.tensor([[0, 1, 0.5, 1, 0.2], [0, 1, 0.5, 1, 0.8], [0, 1, 0.5, 0, 0.8]])

CASES = {
    "Normalize": (T.Normalize([0.5, 0.4, 0.3], [0.2, 0.25, 0.3]), ["rgb"]),
    "Normalize, one for all": (T.Normalize([0.5], [0.2]), ["rgb", "gray"]),
    "Pad": (T.Pad(2), ["rgb", "bytes"]),
    "Pad, two sides": (T.Pad([1, 3], fill=0.5), ["rgb"]),
    "Pad, edge": (T.Pad([1, 2, 3, 4], padding_mode="edge"), ["rgb", "bytes"]),
    "Pad, reflect": (T.Pad([1, 2, 3, 4], padding_mode="reflect"), ["rgb", "bytes"]),
    "Pad, symmetric": (T.Pad([1, 2, 3, 4], padding_mode="symmetric"), ["rgb", "bytes"]),
    "CenterCrop": (T.CenterCrop(4), ["rgb", "gray", "bytes"]),
    "CenterCrop, odd": (T.CenterCrop([3, 6]), ["rgb", "gray"]),
    "CenterCrop, larger": (T.CenterCrop([11, 4]), ["rgb", "gray"]),
    "Resize, smaller": (T.Resize([3, 4], antialias=True), ["rgb", "bytes"]),
    "Resize, larger": (T.Resize([13, 10], antialias=True), ["rgb", "bytes"]),
    "Resize, one axis": (T.Resize([8, 3], antialias=True), ["rgb"]),
    "Resize, shorter side": (T.Resize(4, antialias=True), ["rgb", "wide", "tall"]),
    "Resize, maxSize": (T.Resize(4, max_size=9, antialias=True), ["rgb", "wide", "tall"]),
    "Resize, no antialias": (T.Resize([3, 11], antialias=False), ["rgb", "bytes"]),
    "Resize, nearest": (T.Resize([5, 12], NEAREST), ["rgb", "bytes"]),
    "RandomCrop": (T.RandomCrop(5), ["rgb", "gray", "bytes"]),
    "RandomCrop, whole": (T.RandomCrop([8, 7]), ["rgb"]),
    "RandomCrop, padding": (T.RandomCrop([8, 7], padding=2), ["rgb", "bytes"]),
    "RandomCrop, edge": (T.RandomCrop(6, padding=[1, 2], padding_mode="edge"), ["rgb"]),
    "RandomCrop, padIfNeeded": (T.RandomCrop([10, 8], pad_if_needed=True, fill=0.25), ["rgb", "wide", "tall"]),
    "RandomResizedCrop": (T.RandomResizedCrop(5, antialias=True), ["rgb", "wide", "tall"]),
    "RandomResizedCrop, bytes": (T.RandomResizedCrop([4, 6], scale=(0.3, 0.5), ratio=(0.5, 2), antialias=True), ["bytes"]),
    "RandomResizedCrop, nearest": (T.RandomResizedCrop(6, interpolation=NEAREST), ["rgb"]),
    "RandomResizedCrop, none fits": (T.RandomResizedCrop(5, scale=(1, 1), antialias=True), ["wide", "tall"]),
    "RandomHorizontalFlip": (T.RandomHorizontalFlip(), ["rgb", "bytes"]),
    "RandomHorizontalFlip, always": (T.RandomHorizontalFlip(1), ["gray"]),
    "RandomVerticalFlip": (T.RandomVerticalFlip(0.3), ["rgb", "bytes"]),
    "RandomRotation": (T.RandomRotation(40), ["rgb", "bytes"]),
    "RandomRotation, bilinear": (T.RandomRotation([10, 80], BILINEAR, fill=0.5), ["rgb", "gray"]),
    "RandomRotation, bytes": (T.RandomRotation(30, BILINEAR, fill=[10, 20, 30]), ["bytes"]),
    "RandomRotation, center": (T.RandomRotation(90, BILINEAR, center=[1, 2]), ["rgb"]),
    "RandomRotation, expand": (T.RandomRotation([30, 30], BILINEAR, expand=True), ["rgb", "wide"]),
    "RandomAffine": (T.RandomAffine(25), ["rgb"]),
    "RandomAffine, all": (
        T.RandomAffine(20, translate=(0.2, 0.3), scale=(0.7, 1.4), shear=(-10, 10, -20, 5), interpolation=BILINEAR),
        ["rgb", "gray", "bytes"],
    ),
    "RandomAffine, shear": (T.RandomAffine([0, 0], shear=20, fill=0.5, center=[2, 5], interpolation=BILINEAR), ["rgb"]),
    "ColorJitter": (T.ColorJitter(0.4, 0.3, 0.5, 0.2), ["rgb", "gray", "bytes"]),
    "ColorJitter, three": (T.ColorJitter(0.2, 0.2, 0.2), ["rgb", "bytes"]),
    "ColorJitter, ranges": (T.ColorJitter(brightness=(0.5, 2), hue=(-0.5, 0.5)), ["rgb"]),
    "RandomGrayscale": (T.RandomGrayscale(0.5), ["rgb", "gray", "bytes"]),
    "GaussianBlur": (T.GaussianBlur(5), ["rgb", "gray"]),
    "GaussianBlur, sides": (T.GaussianBlur([3, 7], sigma=(0.5, 3)), ["rgb", "bytes"]),
    "RandomErasing": (T.RandomErasing(), ["rgb", "gray"]),
    "RandomErasing, color": (T.RandomErasing(0.8, scale=(0.1, 0.5), value=[0.1, 0.2, 0.3]), ["rgb"]),
    "RandomErasing, random": (T.RandomErasing(1, ratio=(0.5, 2), value="random"), ["rgb"]),
    "RandomErasing, none fits": (T.RandomErasing(1, scale=(1, 1), ratio=(0.3, 0.3)), ["rgb"]),
    "ElasticTransform": (T.ElasticTransform(10.0, 1.0), ["rgb", "bytes"]),
    "ElasticTransform, sides": (T.ElasticTransform([5.0, 20.0], [0.5, 1.0], fill=0.5), ["gray"]),
    "ElasticTransform, nearest": (T.ElasticTransform(4.0, 0.0, NEAREST), ["gray"]),
    "Compose": (
        T.Compose(
            [
                T.RandomCrop([8, 7], padding=2),
                T.RandomHorizontalFlip(),
                T.Compose([T.ColorJitter(0.2, 0.2, 0.2, 0.1), T.RandomAffine(10, interpolation=BILINEAR)]),
                T.Normalize([0.5, 0.4, 0.3], [0.2, 0.25, 0.3]),
                T.RandomErasing(0.5, value="random"),
            ]
        ),
        ["rgb"],
    ),
    "Compose, sizes that differ": (
        T.Compose([T.RandomHorizontalFlip(), T.RandomRotation(45, BILINEAR, expand=True), T.Resize([6, 6], antialias=True)]),
        ["rgb", "wide"],
    ),
    "adjustBrightness": (lambda x: F.adjust_brightness(x, 1.7), ["rgb", "bytes"]),
    "adjustContrast": (lambda x: F.adjust_contrast(x, 0.3), ["rgb", "gray", "bytes"]),
    "adjustSaturation": (lambda x: F.adjust_saturation(x, 1.9), ["rgb", "gray", "bytes"]),
    "adjustHue": (lambda x: F.adjust_hue(x, -0.35), ["rgb", "gray", "bytes"]),
    "rgbToGrayscale": (F.rgb_to_grayscale, ["rgb", "gray", "bytes"]),
    "crop": (lambda x: F.crop(x, 2, 1, 4, 5), ["rgb", "bytes"]),
    "crop, beyond": (lambda x: F.crop(x, -2, 3, 7, 9), ["rgb", "bytes"]),
    "resizedCrop": (lambda x: F.resized_crop(x, 1, 2, 6, 4, [4, 5], antialias=True), ["rgb"]),
    "rotate, no fill": (lambda x: F.rotate(x, 25, BILINEAR), ["rgb"]),
    "rotate, a quarter": (lambda x: F.rotate(x, 90, expand=True), ["rgb"]),
    "affine, no fill": (lambda x: F.affine(x, 15, [1, -2], 1.2, [5, 10], BILINEAR), ["rgb"]),
    "gaussianBlur": (lambda x: F.gaussian_blur(x, [3, 5]), ["rgb", "bytes"]),
    "erase": (lambda x: F.erase(x, 1, 2, 3, 4, torch.tensor(0.5)), ["rgb"]),
}


def plain(tensor):
    values = tensor.flatten().tolist()
    return {
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "values": values if tensor.dtype == torch.uint8 else [round(v, 6) for v in values],
    }


def record(name, transform, images):
    torch.manual_seed(11)
    out = torch.stack([transform(image) for image in IMAGES[images]])
    return {"name": name, "images": images, "out": plain(out), "next": torch.rand(1).item()}


# The images as the test has them: rounded.
IMAGES = {name: x if x.dtype == torch.uint8 else torch.round(x, decimals=4) for name, x in IMAGES.items()}
recording = {
    "torchvision": torchvision.__version__,
    "seed": 11,
    "images": {name: plain(x) for name, x in IMAGES.items()},
    "cases": [record(name, t, images) for name, (t, every) in CASES.items() for images in every],
}
path = ROOT / "test/recordings/transforms.json.gz"
path.write_bytes(gzip.compress(json.dumps(recording, separators=(",", ":")).encode(), mtime=0))
print(f"{path.name}: {len(recording['cases'])} cases, {path.stat().st_size // 1000} kB")
