"""Records a file as torchvision's users have it, for test/vision/transfer.test.ts: resnet18 with its 1000 classes.

    python3 test/record/record-torchvision-file.py

The file is whole, 45 MB, written by torch.save. So that it is small when it is packed (twice, as the first time
leaves a pattern), the values of each tensor repeat every 61 elements; convolutions are as wide as Kaiming's. Beside it what the network makes of an image.
"""

import gzip
import io
import json
import math
from pathlib import Path

import torch
import torchvision
import torchvision.models as models

ROOT = Path(__file__).resolve().parents[2] / "test/recordings"
PERIOD = 61
LIMIT = 50_000


def repeated(shape, std, mean=0.0):
    count = math.prod(shape)
    values = torch.randn(PERIOD) * std + mean
    return values.repeat(-(-count // PERIOD))[:count].reshape(shape)


def main():
    torch.manual_seed(0)
    model = models.resnet18()
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name.endswith("num_batches_tracked"):
                value.fill_(5004)
            elif name.endswith("running_var"):
                value.copy_(repeated(value.shape, 0.1, 1.0))
            elif value.dim() == 1:
                value.copy_(repeated(value.shape, 0.1, float("bn" in name and name.endswith("weight"))))
            else:
                value.copy_(repeated(value.shape, math.sqrt(2 / (value[0].numel()))))
    out = io.BytesIO()
    torch.save(model.state_dict(), out)
    packed = gzip.compress(gzip.compress(out.getvalue(), mtime=0), mtime=0)
    if len(packed) > LIMIT:
        raise SystemExit(f"{len(packed)} bytes, more than {LIMIT}")
    (ROOT / "torchvision-resnet18.pth.gz.gz").write_bytes(packed)
    x = torch.sin(torch.arange(3 * 64 * 64.0)).reshape(1, 3, 64, 64)
    model.eval()
    with torch.no_grad():
        logits = model(x)
    recording = {
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "logits": [float(f"{value:.7g}") for value in logits[0].tolist()],
    }
    (ROOT / "torchvision-resnet18.json").write_text(json.dumps(recording) + "\n")
    print(len(packed), logits.std().item())


main()
