"""Trains the ResNet for CIFAR-10 with PyTorch as `myelin train resnet` does: the counterpart of its figure.

    python3 figures/cifar_resnet.py --data DIR --depth 20 --epochs 10 --batch-size 128 --lr 0.1 \
        --weight-decay 0.0005 --seed 0 --out DIR

The network is that of He et al. 2015, section 4.2, with shortcuts without parameters (option A): Kaiming's start,
momentum 0.9, the one-cycle schedule; images shifted by up to 4 pixels and flipped, each channel normalized over the
training images. Of data_batch_1.bin to data_batch_5.bin, gzipped or not, those are read that are there.

OUT gets config.json, metrics.jsonl, a checkpoint after every epoch, from which the same command goes on, and at the
end result.json.
"""

import argparse
import gzip
import json
import os
import sys
import tarfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

MEASURED = 500


class Block(nn.Module):
    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.more = out_channels - in_channels

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.more > 0:
            before = self.more // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, before, self.more - before))
        return F.relu(out + x)


class CifarResNet(nn.Module):
    def __init__(self, depth):
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)

        def stage(in_channels, out_channels, stride):
            rest = [Block(out_channels, out_channels, 1) for _ in range(blocks - 1)]
            return nn.Sequential(Block(in_channels, out_channels, stride), *rest)

        self.layer1 = stage(16, 16, 1)
        self.layer2 = stage(16, 32, 2)
        self.layer3 = stage(32, 64, 2)
        self.fc = nn.Linear(64, 10)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.layer3(self.layer2(self.layer1(h)))
        return self.fc(h.mean((2, 3)))


def folders(data):
    """Where the files may lie: as Myelin looks for them."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "myelin"
    roots = [data] if data else [os.environ.get("MYELIN_DATA"), cache]
    return [Path(root) / below for root in roots if root for below in ("", "cifar-10", "cifar-10-batches-bin")]


def read(data, names):
    """Of these files those that are there, loose or in the published archive."""
    for folder in folders(data):
        parts = []
        for name in names:
            if (folder / f"{name}.gz").exists():
                parts.append(gzip.decompress((folder / f"{name}.gz").read_bytes()))
            elif (folder / name).exists():
                parts.append((folder / name).read_bytes())
        archive = folder / "cifar-10-binary.tar.gz"
        if len(parts) < len(names) and archive.exists():
            with tarfile.open(archive) as tar:
                parts = [tar.extractfile(f"cifar-10-batches-bin/{name}").read() for name in names]
        if parts:
            records = np.frombuffer(b"".join(parts), np.uint8).reshape(-1, 3073)
            images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy())
            return images, torch.from_numpy(records[:, 0].astype(np.int64))
    sys.exit(f"{', '.join(names)}: none of these files was found; --data or MYELIN_DATA names their folder")


def shifted(images):
    """Each image moved by up to 4 pixels, and flipped or not."""
    padded = F.pad(images, (4, 4, 4, 4))
    rows = torch.randint(0, 9, (len(images),))[:, None] + torch.arange(32)
    columns = torch.randint(0, 9, (len(images),))[:, None] + torch.arange(32)
    flipped = torch.rand(len(images)) < 0.5
    columns[flipped] = columns[flipped].flip(1)
    each = torch.arange(len(images))[:, None, None]
    return padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def write(path, text):
    path.with_suffix(".tmp").write_text(text)
    os.replace(path.with_suffix(".tmp"), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="folder of the files (default: MYELIN_DATA, the cache)")
    parser.add_argument("--depth", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--lr", type=float, required=True)
    parser.add_argument("--weight-decay", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("MYELIN_THREADS") or os.cpu_count()))

    images, labels = read(args.data, [f"data_batch_{i}.bin" for i in range(1, 6)])
    test_images, test_labels = read(args.data, ["test_batch.bin"])
    pixels = images.float().div(255)
    std, mean = (s.reshape(1, 3, 1, 1) for s in torch.std_mean(pixels, (0, 2, 3)))
    del pixels

    def to_input(x):
        return (x.float().div(255) - mean) / std

    torch.manual_seed(args.seed)
    model = CifarResNet(args.depth)
    optimizer = torch.optim.SGD(model.parameters(), args.lr, momentum=0.9, weight_decay=args.weight_decay)
    steps = -(-len(images) // args.batch_size)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.lr, total_steps=args.epochs * steps)

    args.out.mkdir(parents=True, exist_ok=True)
    config = {
        "depth": args.depth,
        "epochs": args.epochs,
        "batchSize": args.batch_size,
        "lr": args.lr,
        "weightDecay": args.weight_decay,
        "seed": args.seed,
        "torch": torch.__version__,
    }
    write(args.out / "config.json", json.dumps(config, indent=2) + "\n")
    checkpoint, first = args.out / "last.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        scheduler.load_state_dict(state["scheduler"])
        torch.set_rng_state(state["random"])
        first = state["epoch"]
    print(f"PyTorch {torch.__version__}: {len(images)} images to train on, {len(test_images)} to test on", flush=True)

    for epoch in range(first, args.epochs):
        start, total, right = time.time(), 0.0, 0
        model.train()
        for rows in torch.randperm(len(images)).split(args.batch_size):
            logits = model(to_input(shifted(images[rows])))
            loss = F.cross_entropy(logits, labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item() * len(rows)
            right += (logits.argmax(1) == labels[rows]).sum().item()
        state = {
            "epoch": epoch + 1,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict(),
            "random": torch.get_rng_state(),
        }
        torch.save(state, checkpoint.with_suffix(".tmp"))
        os.replace(checkpoint.with_suffix(".tmp"), checkpoint)
        means = {"loss": total / len(images), "accuracy": right / len(images)}
        seconds = time.time() - start
        with open(args.out / "metrics.jsonl", "a") as file:
            file.write(json.dumps({"epoch": epoch + 1, "seconds": seconds, "train": means}) + "\n")
        print(
            f"epoch {epoch + 1}/{args.epochs}  loss {means['loss']:.4f}  accuracy {100 * means['accuracy']:.2f} %  "
            f"{seconds:.1f} s",
            flush=True,
        )

    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(to_input(x)) for x in test_images.split(MEASURED)])
    result = {
        "loss": F.cross_entropy(logits, test_labels).item(),
        "accuracy": (logits.argmax(1) == test_labels).float().mean().item(),
    }
    write(args.out / "result.json", json.dumps(result, indent=2) + "\n")
    print(f"test accuracy: {100 * result['accuracy']:.2f} %")


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
