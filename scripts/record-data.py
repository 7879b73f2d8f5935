"""Records the order in which PyTorch's samplers and DataLoader go through examples, for test/data/order.test.ts.

    python3 scripts/record-data.py
"""

import json
from pathlib import Path

import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
    random_split,
)

ROOT = Path(__file__).resolve().parent.parent
N = 23


def seeded(work, seed=5):
    torch.manual_seed(seed)
    return {"values": work(), "next": torch.rand(1).item()}


def own():
    return torch.Generator().manual_seed(9)


def batches(**options):
    loader = DataLoader(list(range(N)), **options)
    return lambda: [[b.tolist() for b in loader] for _ in range(2)]


def main():
    data = range(N)
    weights = [0.1, 3.0, 0.0, 1.5, 0.7, 2.0]
    recording = {
        "torch": torch.__version__,
        "sequential": seeded(batches(batch_size=5)),
        "shuffled": seeded(batches(batch_size=5, shuffle=True)),
        "dropLast": seeded(batches(batch_size=5, shuffle=True, drop_last=True)),
        "generator": seeded(batches(batch_size=5, shuffle=True, generator=own())),
        "replacement": seeded(lambda: list(RandomSampler(data, replacement=True, num_samples=70))),
        "more": seeded(lambda: list(RandomSampler(data, num_samples=50))),
        "ownGenerator": seeded(lambda: list(RandomSampler(data, generator=own()))),
        "subset": seeded(lambda: list(SubsetRandomSampler([3, 1, 4, 1, 5, 9, 2, 6]))),
        "weighted": seeded(lambda: list(WeightedRandomSampler(weights, 40))),
        "weightedOnce": seeded(lambda: list(WeightedRandomSampler(weights, 5, replacement=False))),
        "batchSampler": seeded(lambda: list(BatchSampler(RandomSampler(data), 4, False))),
        "split": seeded(lambda: [s.indices for s in random_split(list(data), [10, 8, 5])]),
        "splitFractions": seeded(lambda: [s.indices for s in random_split(list(data), [0.5, 0.3, 0.2])]),
        "splitGenerator": seeded(lambda: [s.indices for s in random_split(list(data), [20, 3], generator=own())]),
    }
    (ROOT / "test/recordings/data-order.json").write_text(json.dumps(recording) + "\n")


main()
