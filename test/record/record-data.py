"""Records the order in which PyTorch's samplers and DataLoader go through examples, for test/data/order.test.ts,
and what scikit-learn's scalers and encoders make of small data, for test/data/scaling.test.ts.

    python3 test/record/record-data.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
import torch
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OneHotEncoder, StandardScaler
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
    random_split,
)
from torch.utils.data.distributed import DistributedSampler

ROOT = Path(__file__).resolve().parents[2]
N = 23


def seeded(work, seed=5):
    torch.manual_seed(seed)
    return {"values": work(), "next": torch.rand(1).item()}


def own():
    return torch.Generator().manual_seed(9)


def batches(**options):
    loader = DataLoader(list(range(N)), **options)
    return lambda: [[b.tolist() for b in loader] for _ in range(2)]


def distributed():
    """Shards of three epochs, for each number of replicas, shuffled or not, padded or cut."""
    cases = []
    for n, replicas in [(23, 4), (8, 4), (3, 5), (1, 3)]:
        for shuffle in [True, False]:
            for drop_last in [True, False]:
                if drop_last and n < replicas:
                    continue
                samplers = [
                    DistributedSampler(range(n), replicas, rank, shuffle, seed=7, drop_last=drop_last)
                    for rank in range(replicas)
                ]
                epochs = []
                for epoch in range(3):
                    for sampler in samplers:
                        sampler.set_epoch(epoch)
                    epochs.append([list(sampler) for sampler in samplers])
                case = {"n": n, "numReplicas": replicas, "shuffle": shuffle, "dropLast": drop_last}
                cases.append({**case, "epochs": epochs})
    return cases


def scaling():
    random = np.random.default_rng(3)
    x = random.normal(size=(7, 4)) * [1, 100, 1e-3, 0] + [0, -50, 1000, 0.1]
    other = random.normal(size=(3, 4))
    standard = StandardScaler().fit(x)
    ranged = MinMaxScaler((-1, 2)).fit(x)
    labels = ["pear", "apple", "Zebra", "apple", "", "éclair"]
    rows = [["red", "S"], ["blue", "M"], ["red", "XL"]]
    recording = {
        "sklearn": sklearn.__version__,
        "x": x.tolist(),
        "other": other.tolist(),
        "mean": standard.mean_.tolist(),
        "std": standard.scale_.tolist(),
        "standardized": standard.transform(x).tolist(),
        "otherStandardized": standard.transform(other).tolist(),
        "ranged": ranged.transform(x).tolist(),
        "otherRanged": ranged.transform(other).tolist(),
        "labels": labels,
        "classes": LabelEncoder().fit(labels).classes_.tolist(),
        "integers": LabelEncoder().fit_transform(labels).tolist(),
        "numbers": LabelEncoder().fit_transform([10, 9, -1, 10]).tolist(),
        "rows": rows,
        "oneHot": OneHotEncoder().fit_transform(rows).toarray().tolist(),
    }
    (ROOT / "test/recordings/data-scaling.json").write_text(json.dumps(recording) + "\n")


def main():
    scaling()
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
        "distributed": seeded(distributed),
    }
    (ROOT / "test/recordings/data-order.json").write_text(json.dumps(recording) + "\n")


main()
