"""Records torchvision's networks, for test/vision/models/models.test.ts: state dicts, start, outputs, gradients.

    python3 test/record/record-vision-models.py

Each network: seed, build, draw images, run in float64 in training with a loss, then in float32 in evaluation.
Batch norm of few values is too sensitive to rounding for gradients in float32. Of a tensor's elements at most
1000 are looked at, at equal distances; the first six of them are kept, their norm, and their sum and that of
every element times 1, 2, …, 7, 1, 2, …, 7, … so that elements in other places show.
"""

import gzip
import json
import warnings
from pathlib import Path

import torch
import torchvision.models as models

ROOT = Path(__file__).resolve().parents[2]
SEED = 5

NETWORKS = {
    "alexnet": (lambda: models.alexnet(num_classes=10), [2, 3, 96, 96]),
    "vgg11": (lambda: models.vgg11(num_classes=10), [2, 3, 32, 32]),
    "vgg13_bn": (lambda: models.vgg13_bn(num_classes=10), [4, 3, 32, 32]),
    "googlenet": (lambda: models.googlenet(num_classes=10, aux_logits=True, init_weights=True), [4, 3, 64, 64]),
    "resnet18": (lambda: models.resnet18(num_classes=10), [4, 3, 64, 64]),
    "resnet34": (lambda: models.resnet34(num_classes=10, zero_init_residual=True), [4, 3, 64, 64]),
    "resnet50": (lambda: models.resnet50(num_classes=10), [4, 3, 64, 64]),
}

# Built only: what they hold.
HELD = {
    "alexnet": lambda: models.alexnet(),
    "vgg11": lambda: models.vgg11(),
    "vgg16": lambda: models.vgg16(),
    "vgg19": lambda: models.vgg19(),
    "googlenet": lambda: models.googlenet(aux_logits=False, init_weights=False),
    "googlenet with auxiliary classifiers": lambda: models.googlenet(aux_logits=True, init_weights=False),
    "resnet18": lambda: models.resnet18(),
    "resnet34": lambda: models.resnet34(),
    "resnet50": lambda: models.resnet50(),
    "resnet101": lambda: models.resnet101(),
    "resnet152": lambda: models.resnet152(),
}


def digest(t):
    flat = t.detach().double().flatten()
    flat = flat[:: -(-flat.numel() // 1000)]
    weights = torch.arange(flat.numel(), dtype=torch.float64) % 7 + 1
    numbers = flat[:6].tolist() + [flat.sum().item(), (flat * weights).sum().item(), flat.norm().item()]
    return [float(f"{x:.12g}") for x in numbers]


def run(build, shape):
    torch.manual_seed(SEED)
    model = build()
    x = torch.randn(shape)
    start = {key: digest(value) for key, value in model.state_dict().items()}
    labels = torch.arange(shape[0]) % 10
    model.double()
    out = model(x.double())
    logits = out if isinstance(out, torch.Tensor) else out.logits
    loss = torch.nn.functional.cross_entropy(logits, labels)
    if not isinstance(out, torch.Tensor):
        # With auxiliary classifiers: the loss of the paper.
        for aux in (out.aux_logits1, out.aux_logits2):
            loss = loss + 0.3 * torch.nn.functional.cross_entropy(aux, labels)
    loss.backward()
    trained = {
        "logits": logits.flatten().tolist(),
        "loss": loss.item(),
        "grads": {name: digest(p.grad) for name, p in model.named_parameters()},
        "state": {key: digest(value) for key, value in model.state_dict().items() if "running" in key},
    }
    model.float().eval()
    with torch.no_grad():
        evaluated = model(x).flatten().tolist()
    return {"shape": shape, "start": start, "training": trained, "evaluation": evaluated}


def main():
    warnings.simplefilter("ignore")
    held = {}
    for name, build in HELD.items():
        model = build()
        held[name] = {
            "parameters": sum(p.numel() for p in model.parameters()),
            "state": {key: list(value.shape) for key, value in model.state_dict().items()},
        }
    recording = {
        "torch": torch.__version__,
        "seed": SEED,
        "held": held,
        "networks": {name: run(*spec) for name, spec in NETWORKS.items()},
    }
    path = ROOT / "test/recordings/vision-models.json.gz"
    path.write_bytes(gzip.compress(json.dumps(recording).encode(), mtime=0))


main()
