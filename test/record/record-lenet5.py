"""Records the losses of LeNet-5 on MNIST with PyTorch, for test/train/lenet5-parity.test.ts.

    python3 test/record/record-lenet5.py DIR      DIR has MNIST's four files
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# Rounding moves the path of this training, the more the larger the steps: at a rate of 1e-3 PyTorch's own
# builds (AVX-512 or none, one thread or two) come to differ by up to 1e-2 in the loss within 200 steps,
# at 2e-4 by 3e-5. In float64 they do not.
SEED, STEPS, BATCH = 42, 200, 64
RUNS = {"float32": 2e-4, "float64": 1e-3}
ROOT = Path(__file__).resolve().parents[2]


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(5 * 5 * 16, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 5 * 5 * 16)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


def read(folder, name, header):
    return np.frombuffer(gzip.open(Path(folder) / name).read(), np.uint8, offset=header).copy()


def train(images, labels, dtype, lr):
    torch.manual_seed(SEED)
    model = LeNet5().to(dtype)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for x, y in DataLoader(TensorDataset(images, labels), batch_size=BATCH, shuffle=True):
        loss = F.cross_entropy(model(F.pad(x.to(dtype) / 255, [2, 2, 2, 2])), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(f"{loss.item():.{9 if dtype == torch.float32 else 15}g}"))
        if len(losses) == STEPS:
            return losses


def main(folder):
    images = torch.from_numpy(read(folder, "train-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28))
    labels = torch.from_numpy(read(folder, "train-labels-idx1-ubyte.gz", 8)).long()
    recording = {"torch": torch.__version__, "seed": SEED, "batchSize": BATCH}
    for name, lr in RUNS.items():
        losses = train(images, labels, getattr(torch, name), lr)
        recording[name] = {"lr": lr, "losses": losses}
        print(name, losses[0], losses[-1])
    (ROOT / "test/recordings/lenet5.json").write_text(json.dumps(recording) + "\n")


main(sys.argv[1])
