"""Records how PyTorch prints tensors, for test/tensor/print.test.ts.

    python3 test/record/record-print.py
"""

import json
from pathlib import Path

import torch

CASES = [
    ("float32", [3], [1, 2, 3]),
    ("float32", [3], [1.5, -2.25, 3]),
    ("float32", [], [3.14159265]),
    ("float32", [4], [0.03125, 0.09375, -0.15625, 2.5]),
    ("float32", [3], [1e-5, 1, 1000]),
    ("float32", [3], [1e9, 1, -2]),
    ("float32", [2], [100005, 300000000]),
    ("float32", [3], [0.5, 0.00001, 0.25]),
    ("float32", [3], ["NaN", 1, "-Infinity"]),
    ("float32", [3], ["NaN", 1.25, "Infinity"]),
    ("float32", [2], ["NaN", "NaN"]),
    ("float32", [30], [0] * 30),
    ("float32", [2, 3], [1, 20, 300, 4, 50, 6000]),
    ("float32", [2, 2, 3], [i * 0.7 - 3 for i in range(12)]),
    ("float32", [2, 1, 2, 2], [i * 0.5 for i in range(8)]),
    ("float32", [40], [i * 1.25 for i in range(40)]),
    ("float32", [2, 20], [i * 11.25 for i in range(40)]),
    ("float32", [1001], list(range(1001))),
    ("float32", [40, 40], [i * 0.01 for i in range(1600)]),
    ("float32", [10, 4, 30], [i * 0.25 for i in range(1200)]),
    ("float32", [3, 400], list(range(1200))),
    ("float64", [3], [1, 2, 3]),
    ("float64", [3, 3], [i / 3 for i in range(9)]),
    ("float64", [0], []),
    ("float32", [0], []),
    ("float32", [0, 3], []),
    ("int64", [2, 0], []),
    ("int64", [3], [1, -20, 300]),
    ("int64", [], [7]),
    ("int64", [2000], list(range(2000))),
    ("uint8", [3], [1, 20, 255]),
    ("bool", [4], [1, 0, 0, 1]),
    ("bool", [2, 2], [1, 1, 1, 1]),
]

cases = []
for dtype, shape, data in CASES:
    x = torch.tensor([float(v) for v in data], dtype=torch.float64).to(getattr(torch, dtype)).reshape(shape)
    cases.append({"dtype": dtype, "shape": shape, "data": data, "text": str(x)})
target = Path(__file__).resolve().parents[2] / "test/recordings/print.json"
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}))
